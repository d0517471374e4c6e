#!/bin/sh
# A C compiler for the Zig target TARGET. What names the target in cargo's words or Apple's is left out.
left_out=
for word do
    shift
    case $word in
        --target=* | -m*-version-min=*) ;;
        -arch | -isysroot) left_out=its-word ;;
        *) if test "$left_out"; then left_out=; else set -- "$@" "$word"; fi ;;
    esac
done
exec "ZIG" cc -target TARGET "$@"
