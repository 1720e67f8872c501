#!/usr/bin/env bash
# With no data anywhere it trains on the digits that it draws, and says so first; where they are asked for it does not
# complain.
cd "$(dirname "$0")/../.." && . tests/cli/harness.sh || exit 1

cat >"$work/base.json" <<END
{"limit_images": 200, "batch_size": 10, "g_hidden": "8", "d_hidden": "8", "dropout": "0.3", "grid": "2x2",
 "epochs": 1, "threads": 1}
END
cd "$work" || exit 1

train fallback
is "no data: it runs all the same" "0 " "$status $(cat fallback.err)"
has "no data: said before all else" '^No MNIST was found: training on the built-in drawn digits' \
    "$(head -n 1 fallback.out)"
has "no data: and how to get it" 'scripts/fetch_mnist\.sh' "$(head -n 6 fallback.out)"
has "no data: and in its place" '^ +built-in drawn digits$' "$(cat fallback.out)"
has "no data: config.json says so" '"images": "built-in digits"' "$(cat fallback/config.json)"
train quiet --quiet
has "no data, --quiet: said all the same" 'built-in drawn digits' "$(cat quiet.out quiet.err)"

train asked --data digits
is "--data digits: runs" "0 " "$status $(cat asked.err)"
has_no "--data digits: no complaint" 'MNIST|fetch_mnist' "$(cat asked.out)"
has "--data digits: is said" '^ +built-in drawn digits$' "$(cat asked.out)"
is "--data digits: are the same digits" "$(losses fallback)" "$(losses asked)"
GAN_DATA=digits train variable
has_no "\$GAN_DATA=digits: no complaint" 'MNIST|fetch_mnist' "$(cat variable.out)"
is "\$GAN_DATA=digits: are the same digits" "$(losses fallback)" "$(losses variable)"
GAN_DATA='' train empty
has "an empty \$GAN_DATA: as none" '^No MNIST was found' "$(cat empty.out)"
train labelled --data digits --conditional
is "--data digits: have labels" "0 " "$status $(cat labelled.err)"
train small --data digits --limit_images 100 --batch_size 100
train all --data digits --limit_images 60000 --batch_size 30000 --encoding_dims 1
is "--data digits: 60,000 of them" "0 2" "$status $(value all step)"
train more --data digits --limit_images 60001
is "--data digits: no more than that" 2 "$status"

# where there is a folder, in the order --data, $GAN_DATA, data/mnist
mkdir -p data/mnist elsewhere
yes '0123456789' | tr -d '\n' | idx_images data/mnist/train-images-idx3-ubyte 200 28 28
yes '9876543210' | tr -d '\n' | idx_images elsewhere/train-images.idx3-ubyte 200 28 28
train found
has "data/mnist: is found" '^ +data/mnist/train-images-idx3-ubyte$' "$(cat found.out)"
has_no "data/mnist: no complaint" 'No MNIST' "$(cat found.out)"
GAN_DATA=elsewhere train variable_folder
has "\$GAN_DATA: goes before data/mnist" '^ +elsewhere/train-images.idx3-ubyte$' "$(cat variable_folder.out)"
GAN_DATA=elsewhere train flag --data data/mnist
has "--data: goes before \$GAN_DATA" '^ +data/mnist/train-images-idx3-ubyte$' "$(cat flag.out)"
GAN_DATA=$work/none train flag_digits --data digits
is "--data digits: goes before \$GAN_DATA" "0 " "$status $(cat flag_digits.err)"

# any image size
idx_images small-images 50 5 9 < <(yes '0123456789' | tr -d '\n')
train sizes --images small-images --limit_images 50
has "images of 5 x 9: the nets take it" '^ +dense 45 +8 to 45 ' "$(cat sizes.out)"
is "images of 5 x 9: trained" "0 5" "$status $(value sizes step)"
is "images of 5 x 9: the pictures' size" " 0 0 0 24 0 0 0 16 " "$(bytes sizes/samples/epoch_0001.png 16 8)"
gzip -c small-images >small-images.gz
train packed --images small-images.gz --limit_images 50
is "packed: the same" "$(losses sizes)" "$(losses packed)"

conclude
