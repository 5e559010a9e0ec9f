# Why a machine cannot be reached, in the words of this version of git and its libraries.
s/(unable to access '[^']*'): .*/\1: <reason>/
