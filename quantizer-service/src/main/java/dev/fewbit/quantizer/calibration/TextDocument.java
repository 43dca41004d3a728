package dev.fewbit.quantizer.calibration;

import dev.fewbit.objectstore.Digests;

/**
 * A document of a text.
 *
 * @param name file and line, or path in its folder: what messages and reports call it
 * @param text of it
 */
public record TextDocument(String name, String text) {
    /** SHA-256 of the text as UTF-8. */
    public String digest() {
        return Digests.of(text);
    }
}
