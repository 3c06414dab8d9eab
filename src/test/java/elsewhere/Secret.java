package elsewhere;

/** An interface that nobody sees outside of its package. */
interface Secret {

    String tell();
}
