package shop;

import static shop.Shop.USER;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Async;
import org.springframework.stereotype.Component;

/** Confirms orders in the background. */
@Component
class Mail {

    private static final Logger LOG = LoggerFactory.getLogger(Mail.class);

    @Async
    void confirm(String item) {
        LOG.info("writes to {} about {}", USER.get(), item);
    }
}
