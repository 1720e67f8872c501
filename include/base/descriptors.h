/* Standard input, output and error of the process. */
#ifndef BASE_DESCRIPTORS_H
#define BASE_DESCRIPTORS_H

/* Opens those that are closed on /dev/null: one of them would else be the next file to be opened, and what is printed
 * would go into it. It is opened the wrong way round, so that what is read or printed fails, as where they are closed.
 */
void descriptors_open_standard(void);

#endif
