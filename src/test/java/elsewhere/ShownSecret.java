package elsewhere;

/** An interface for everybody, with a method of one that is not. */
public interface ShownSecret extends Secret {
}
