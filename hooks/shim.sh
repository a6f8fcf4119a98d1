#!/bin/sh
# git-model hook @HOOK@, version 1. Made by `git model init`, undone by `git model deinit`.
# A hook that stood here before is kept beside this file; it runs first, and its refusal counts.
bin=@BIN@
kept=$0.before-git-model
if [ -x "$kept" ]; then
	@RUN_KEPT@ || exit $?
fi
@WAITS@
if [ ! -x "$bin" ] && ! bin=$(command -v git-model); then
	@GONE@
	exit 0
fi
@EXEC@
