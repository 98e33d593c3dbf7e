package io.flinkcluster.operator.model;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Where the AWS clients of a container find their credentials, as its environment says.
 *
 * @param role the ARN; empty: the environment does not name it
 */
public record CloudIdentity(Kind kind, Optional<String> role) {

  /**
   * Kinds in the order in which the default chains of the AWS SDK for Java look for them (1.12 and
   * 2.x): the first that is there is used.
   */
  public enum Kind {
    /** {@code AWS_ACCESS_KEY_ID} in the environment. */
    STATIC_KEYS,
    /** IAM roles for service accounts: a token that is exchanged for those of a role. */
    WEB_IDENTITY,
    /** EKS Pod Identity: an agent on the node hands out those of the associated role. */
    POD_IDENTITY,
    /** Nothing: what is left is the role of the node, where its metadata can be reached. */
    NODE_ROLE,
    /** Nothing that can be seen: the environment is taken from objects that are not read. */
    UNKNOWN
  }

  /** An environment that says nothing of AWS. */
  public static final CloudIdentity NODE = of(Kind.NODE_ROLE);

  private static final String KEY = "AWS_ACCESS_KEY_ID";
  private static final String ROLE = "AWS_ROLE_ARN";
  private static final String TOKEN = "AWS_WEB_IDENTITY_TOKEN_FILE";
  private static final String AGENT = "AWS_CONTAINER_CREDENTIALS_FULL_URI";

  /** The variables that tell. */
  public static final Set<String> VARIABLES = Set.of(KEY, ROLE, TOKEN, AGENT);

  /** The only one of them whose value is told: it is no secret. */
  public static final String TOLD = ROLE;

  /**
   * The identity that these variables give.
   *
   * @param environment by name; an empty value where it is not told
   * @param others whether there are variables that are not among them
   */
  public static CloudIdentity of(Map<String, String> environment, boolean others) {
    if (environment.containsKey(KEY)) {
      return of(Kind.STATIC_KEYS);
    }
    if (environment.containsKey(ROLE) && environment.containsKey(TOKEN)) {
      return new CloudIdentity(
          Kind.WEB_IDENTITY, Optional.of(environment.get(ROLE)).filter(role -> !role.isEmpty()));
    }
    if (environment.containsKey(AGENT)) {
      return of(Kind.POD_IDENTITY);
    }
    return others ? of(Kind.UNKNOWN) : NODE;
  }

  private static CloudIdentity of(Kind kind) {
    return new CloudIdentity(kind, Optional.empty());
  }
}
