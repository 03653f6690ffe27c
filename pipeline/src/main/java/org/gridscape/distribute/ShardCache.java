package org.gridscape.distribute;

import java.lang.ref.SoftReference;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.gridscape.dataset.Manifest;
import org.gridscape.dataset.ShardFile;
import org.gridscape.image.ImageBlock;

/**
 * Shards that this process has read, as long as its memory lasts. Runs on executors.
 *
 * <p>Keyed by checksum, so a data set prepared anew is read anew.
 */
final class ShardCache {
  private static final ConcurrentMap<String, SoftReference<ImageBlock>> BLOCKS =
      new ConcurrentHashMap<>();

  private ShardCache() {}

  static ImageBlock read(String folder, Manifest.Shard shard) {
    SoftReference<ImageBlock> held = BLOCKS.get(shard.sha256());
    ImageBlock block = held == null ? null : held.get();
    if (block == null) {
      ShardFile.verify(folder, shard);
      block = ShardFile.read(folder, shard);
      BLOCKS.put(shard.sha256(), new SoftReference<>(block));
    }
    return block;
  }
}
