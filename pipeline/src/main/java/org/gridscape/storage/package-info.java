/**
 * Files on any path that Hadoop reads, and what to do while their store does not answer.
 *
 * <p>{@link org.gridscape.storage.StoreFolder} is a folder whose operations are tried again for as
 * long as a {@link org.gridscape.storage.Patience} lasts, and whose files reach the disk before a
 * write returns; {@link org.gridscape.storage.LocalBytes} is a local file read at random.
 */
package org.gridscape.storage;
