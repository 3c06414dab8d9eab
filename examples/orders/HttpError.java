package orders;

/** A request that cannot be answered as asked: its status, and the reason for whoever sent it. */
final class HttpError extends RuntimeException {

    private static final long serialVersionUID = 1L;

    final int status;
    final String reason;

    HttpError(int status, String reason) {
        super(status + " " + reason);
        this.status = status;
        this.reason = reason;
    }
}
