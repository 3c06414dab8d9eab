package dev.scopedcontext.spring.servlet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.scopedcontext.ContextKey;
import dev.scopedcontext.ScopedContext;
import dev.scopedcontext.named.NamedContext;
import dev.scopedcontext.named.ResourceKey;
import dev.scopedcontext.spring.support.ServletApplication;
import dev.scopedcontext.spring.support.ServletApplication.Answer;
import dev.scopedcontext.spring.support.ServletKind;
import dev.scopedcontext.spring.support.ServletSessions;
import jakarta.servlet.ServletException;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ForkJoinPool;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.http.HttpStatus;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;

/** A transaction that is rolled back if the request fails, although Spring MVC turns its exception into a response. */
class FailureMarkingTest {

    static final NamedContext REQUEST = NamedContext.named("request");
    static final ContextKey<String> ID = REQUEST.key("id", String.class);
    static final ResourceKey<Connection> DB = REQUEST.resource("db", Connection.class, FailureMarkingTest::connect);
    static final ServletSessions SESSIONS = new ServletSessions();
    static final DataSource DATABASE = database();

    static {
        REQUEST.onSessionExit(failure -> {
            if (DB.isOpen()) {
                end(DB.get(), failure == null);
            }
            SESSIONS.ended(ID.get(), failure);
        });
    }

    private static ServletApplication marking;
    private static ServletApplication withoutMarks;

    /** The id of the request of each test, and of the row that it inserts. */
    private final String id = UUID.randomUUID().toString();

    private static DataSource database() {
        JdbcDataSource source = new JdbcDataSource();
        source.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        new JdbcTemplate(source).execute("CREATE TABLE orders (id VARCHAR(40))");
        return source;
    }

    private static Connection connect() throws SQLException {
        Connection connection = DATABASE.getConnection();
        connection.setAutoCommit(false);
        return connection;
    }

    private static void end(Connection connection, boolean well) {
        try {
            if (well) {
                connection.commit();
            } else {
                connection.rollback();
            }
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    @BeforeAll
    static void start() {
        marking = ServletApplication.start(ServletKind.TOMCAT, App.class, "scopedcontext.servlet.error-pages=false");
        withoutMarks = ServletApplication.start(ServletKind.JETTY, App.class, "scopedcontext.servlet.error-pages=false",
                "scopedcontext.servlet.mark-failures=false");
    }

    @AfterAll
    static void stop() {
        marking.close();
        withoutMarks.close();
    }

    private Answer insert(ServletApplication application, String path) throws IOException, InterruptedException {
        return application.get(path, "X-Id", id);
    }

    private boolean isCommitted() {
        return !new JdbcTemplate(DATABASE).queryForList("SELECT id FROM orders WHERE id = ?", id).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/returned", "/callable?well=true"})
    void aRequestThatReturnsCommits(String path) throws Exception {
        assertThat(insert(marking, path)).isEqualTo(new Answer(200, "inserted"));
        assertThat(SESSIONS.failureOf(id)).isNull();
        assertThat(isCommitted()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/handled", "/advised", "/annotated", "/status", "/callable?well=false", "/deferred"})
    void anExceptionThatBecomesAResponseRollsBack(String path) throws Exception {
        assertThat(insert(marking, path).status()).isEqualTo(409);
        assertThat(SESSIONS.failureOf(id)).hasMessageContaining("refused " + id).hasNoSuppressedExceptions();
        assertThat(isCommitted()).isFalse();
        SESSIONS.assertNoMore(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/handled", "/advised", "/annotated", "/status", "/deferred"})
    void withoutMarksItCommits(String path) throws Exception {
        assertThat(insert(withoutMarks, path).status()).isEqualTo(409);
        assertThat(SESSIONS.failureOf(id)).isNull();
        assertThat(isCommitted()).isTrue();
    }

    @Test
    void anUnhandledExceptionRollsBackAndIsNotSuppressedIntoItself() throws Exception {
        for (ServletApplication application : List.of(marking, withoutMarks)) {
            assertThat(insert(application, "/thrown").status()).isEqualTo(500);
            Throwable failure = SESSIONS.failureOf(id);
            assertThat(failure).isInstanceOf(ServletException.class).hasNoSuppressedExceptions()
                    .cause().hasMessage("refused " + id).hasNoSuppressedExceptions();
            assertThat(isCommitted()).isFalse();
        }
    }

    @Test
    void aCriterionDecidesThatAnExceptionIsNoFailure() throws Exception {
        assertThat(insert(marking, "/ignored").status()).isEqualTo(409);
        assertThat(SESSIONS.failureOf(id)).isNull();
        assertThat(isCommitted()).isTrue();
    }

    @Test
    void aCriterionThatThrowsFailsTheRequest() throws Exception {
        assertThat(insert(marking, "/undecided").status()).isEqualTo(500);
        assertThat(SESSIONS.failureOf(id)).hasRootCauseMessage("undecided");
        assertThat(isCommitted()).isFalse();
    }

    @Test
    void anExceptionOutsideOfTheScopesIsHandledAsWithoutThem() throws Exception {
        assertThat(marking.get("/outside?error=true", "X-Id", "").status()).isEqualTo(409);
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import({Endpoints.class, Advice.class})
    static class App {

        @Bean
        RequestScopeOpener session() {
            return request -> {
                String id = request.getHeader("X-Id");
                return id.isEmpty() ? ScopedContext.without() : REQUEST.session().where(ID, id);
            };
        }

        @Bean
        DataSource database() {
            return DATABASE;
        }

        @Bean
        FailureCriterion criterion() {
            return (exception, request) -> {
                if (exception instanceof Undecided) {
                    throw new IllegalStateException("undecided");
                }
                return !(exception instanceof Ignored);
            };
        }
    }

    private static String insert() {
        try (PreparedStatement insert = DB.get().prepareStatement("INSERT INTO orders VALUES (?)")) {
            insert.setString(1, ID.get());
            insert.executeUpdate();
            return "inserted";
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    private static String refusal() {
        return "refused " + ID.get();
    }

    @RestController
    static class Endpoints {

        @GetMapping("/returned")
        String returned() {
            return insert();
        }

        @GetMapping("/handled")
        String handled() {
            insert();
            throw new Handled(refusal());
        }

        @GetMapping("/advised")
        String advised() {
            insert();
            throw new Advised(refusal());
        }

        @GetMapping("/annotated")
        String annotated() {
            insert();
            throw new Annotated(refusal());
        }

        @GetMapping("/status")
        String status() {
            insert();
            throw new ResponseStatusException(HttpStatus.CONFLICT, refusal());
        }

        @GetMapping("/thrown")
        String thrown() {
            insert();
            throw new IllegalStateException(refusal());
        }

        @GetMapping("/ignored")
        String ignored() {
            insert();
            throw new Ignored(refusal());
        }

        @GetMapping("/undecided")
        String undecided() {
            insert();
            throw new Undecided(refusal());
        }

        @GetMapping("/outside")
        String outside() {
            throw new Handled("outside");
        }

        @GetMapping("/callable")
        Callable<String> callable(@RequestParam boolean well) {
            String inserted = insert();
            Handled refusal = new Handled(refusal());
            return () -> {
                if (!well) {
                    throw refusal;
                }
                return inserted;
            };
        }

        @GetMapping("/deferred")
        DeferredResult<String> deferred() {
            insert();
            DeferredResult<String> result = new DeferredResult<>();
            Handled refusal = new Handled(refusal());
            ForkJoinPool.commonPool().execute(() -> result.setErrorResult(refusal));
            return result;
        }

        @ExceptionHandler({Handled.class, Ignored.class, Undecided.class})
        @ResponseStatus(HttpStatus.CONFLICT)
        String refused(RuntimeException failure) {
            return "handled " + failure.getMessage();
        }
    }

    @RestControllerAdvice
    static class Advice {

        @ExceptionHandler(Advised.class)
        @ResponseStatus(HttpStatus.CONFLICT)
        String refused(Advised failure) {
            return "advised " + failure.getMessage();
        }
    }

    private static final class Handled extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Handled(String message) {
            super(message);
        }
    }

    static final class Advised extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Advised(String message) {
            super(message);
        }
    }

    private static final class Ignored extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Ignored(String message) {
            super(message);
        }
    }

    private static final class Undecided extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Undecided(String message) {
            super(message);
        }
    }

    @ResponseStatus(HttpStatus.CONFLICT)
    private static final class Annotated extends RuntimeException {

        private static final long serialVersionUID = 1L;

        Annotated(String message) {
            super(message);
        }
    }
}
