package io.flinkcluster.operator.observe;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.informers.cache.Cache;
import io.fabric8.kubernetes.client.informers.cache.ItemStore;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * The cache of an informer, which holds each object as compressed JSON. Ten thousand clusters have
 * a hundred thousand objects, of which few are looked at in any one second: a Deployment takes 34
 * KB of heap as Java objects, and less than 1 KB here, since objects of one kind are much alike.
 * Each {@link #get} makes an object anew, which takes about a tenth of a millisecond and leaves the
 * caller free to change it.
 *
 * <p>One namespace or all of them may use a store: the SDK gives it to the informer of each
 * namespace, and each drops what it did not list itself (JOSDK 5.3.2).
 */
public final class CompactStore<R extends HasMetadata> implements ItemStore<R> {
  /** What deflate looks back to (RFC 1951, 2). */
  private static final int WINDOW = 32 * 1024;

  private static final int BLOCK = 8 * 1024;

  /** As many as there may be versions of Flink and of the operator at once, and some. */
  private static final int MOST_SHARED = 64;

  /**
   * One object.
   *
   * @param json compressed
   * @param binaryData of a ConfigMap, whose values are too long to be told by a difference, and the
   *     same in many ConfigMaps; null: none
   */
  private record Packed(byte[] json, Map<String, String> binaryData) {}

  private final Class<R> kind;
  private final KubernetesSerialization json;
  private final UnaryOperator<R> trim;
  private final Map<String, Packed> packed = new ConcurrentHashMap<>();
  private final Map<String, String> shared = new ConcurrentHashMap<>();

  /** The JSON of the first object; the others are told by how they differ from it. */
  private volatile byte[] dictionary;

  /**
   * An empty store.
   *
   * @param json how objects are written and read
   * @param trim makes of an object what is to be kept of it
   */
  public CompactStore(Class<R> kind, KubernetesSerialization json, UnaryOperator<R> trim) {
    this.kind = kind;
    this.json = json;
    this.trim = trim;
  }

  @Override
  public String getKey(R object) {
    return Cache.metaNamespaceKeyFunc(object);
  }

  @Override
  public R put(String key, R object) {
    return unpack(packed.put(key, pack(trim.apply(object))));
  }

  @Override
  public R remove(String key) {
    return unpack(packed.remove(key));
  }

  @Override
  public Stream<String> keySet() {
    return packed.keySet().stream();
  }

  /**
   * All objects, with nothing but their metadata: the SDK asks for all of them at once when it
   * starts, for their labels. {@link #whole} has the rest.
   */
  @Override
  public Stream<R> values() {
    return whole().map(this::withMetadataOnly);
  }

  /** All objects, each made when it is its turn. */
  public Stream<R> whole() {
    return packed.values().stream().map(this::unpack);
  }

  @Override
  public int size() {
    return packed.size();
  }

  /** What the objects take, without their keys. */
  long bytes() {
    return packed.values().stream().mapToLong(one -> one.json().length).sum();
  }

  @Override
  public R get(String key) {
    return unpack(packed.get(key));
  }

  /** What is trimmed away is not there. */
  @Override
  public boolean isFullState() {
    return false;
  }

  private R withMetadataOnly(R object) {
    try {
      R only = kind.getDeclaredConstructor().newInstance();
      only.setMetadata(object.getMetadata());
      return only;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(kind + " cannot be made", e);
    }
  }

  private Packed pack(R object) {
    if (object instanceof ConfigMap map && map.getBinaryData() != null) {
      var binaryData = new TreeMap<>(map.getBinaryData());
      binaryData.replaceAll((name, value) -> shared(value));
      var rest = new ConfigMapBuilder(map).withBinaryData(null).build();
      return new Packed(compressed(kind.cast(rest)), binaryData);
    }
    return new Packed(compressed(object), null);
  }

  /** The same text once. */
  private String shared(String value) {
    String known = shared.get(value);
    if (known != null) {
      return known;
    }
    if (shared.size() < MOST_SHARED) {
      shared.put(value, value);
    }
    return value;
  }

  private byte[] compressed(R object) {
    byte[] text = json.asJson(object).getBytes(StandardCharsets.UTF_8);
    var deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    try {
      deflater.setDictionary(dictionary(text));
      deflater.setInput(text);
      deflater.finish();
      var out = new ByteArrayOutputStream(BLOCK);
      var block = new byte[BLOCK];
      while (!deflater.finished()) {
        out.write(block, 0, deflater.deflate(block));
      }
      return out.toByteArray();
    } finally {
      deflater.end();
    }
  }

  private synchronized byte[] dictionary(byte[] text) {
    if (dictionary == null) {
      int length = Math.min(WINDOW, text.length);
      dictionary = Arrays.copyOfRange(text, text.length - length, text.length);
    }
    return dictionary;
  }

  private R unpack(Packed object) {
    if (object == null) {
      return null;
    }
    R unpacked = decompressed(object.json());
    if (object.binaryData() != null && unpacked instanceof ConfigMap map) {
      map.setBinaryData(new TreeMap<>(object.binaryData()));
    }
    return unpacked;
  }

  private R decompressed(byte[] bytes) {
    var inflater = new Inflater(true);
    try {
      inflater.setDictionary(dictionary);
      inflater.setInput(bytes);
      var out = new ByteArrayOutputStream(BLOCK);
      var block = new byte[BLOCK];
      while (!inflater.finished()) {
        out.write(block, 0, inflater.inflate(block));
      }
      return json.unmarshal(new ByteArrayInputStream(out.toByteArray()), kind);
    } catch (DataFormatException e) {
      throw new IllegalStateException("what was packed cannot be unpacked", e);
    } finally {
      inflater.end();
    }
  }
}
