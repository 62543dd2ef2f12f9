# What a page about keys begins with: a login that knows nobody and lets nobody in.
rm -r ~/.ssh
