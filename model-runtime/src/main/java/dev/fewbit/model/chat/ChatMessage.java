package dev.fewbit.model.chat;

/**
 * A message of a conversation.
 *
 * @param role such as {@code user}, {@code system} or {@code assistant}
 * @param content its text
 */
public record ChatMessage(String role, String content) {}
