package dev.fewbit.objectstore;

import dev.fewbit.contracts.execution.Content;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Turns text into {@link Content} and back: short text stays in the event, long text goes through the blob store. */
public final class ContentStore {
    private final BlobStore blobs;

    public ContentStore(BlobStore blobs) {
        this.blobs = blobs;
    }

    public Content write(String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length <= Content.LARGEST_INLINE) {
            return new Content(Digests.of(bytes), bytes.length, text);
        }
        return new Content(blobs.put(bytes), bytes.length, null);
    }

    /**
     * The text of {@code content}.
     *
     * @throws IOException when the store does not have it, or it does not match its digest
     */
    public String read(Content content) throws IOException {
        if (content.inline() == null) {
            byte[] bytes = blobs.get(content.digest())
                    .orElseThrow(() -> new IOException("the object store has no blob " + content.digest()));
            return new String(bytes, StandardCharsets.UTF_8);
        }
        if (!Digests.of(content.inline()).equals(content.digest())) {
            throw new IOException("inline content does not match its digest " + content.digest());
        }
        return content.inline();
    }
}
