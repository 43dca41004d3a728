/**
 * Chat templates of checkpoints: Jinja by Jinjava, with what Python's Jinja2 does otherwise said here, namely its rules of white space,
 * strings' methods and {@code tojson}. The tests hold texts of {@code transformers} beside it. A template that asks for more fails with
 * its own name and never gives a prompt that is nearly right.
 */
package dev.fewbit.model.chat;
