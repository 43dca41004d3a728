/**
 * Where artifacts and long texts live: content addressed, written once, shared by the services. A directory here; an
 * S3-compatible store implements the same interfaces later.
 */
package dev.fewbit.objectstore;
