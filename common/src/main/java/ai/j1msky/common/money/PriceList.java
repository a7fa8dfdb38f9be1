package ai.j1msky.common.money;

import java.time.Instant;
import java.util.List;

/// What a model costs at which time.
///
/// @param first what holds before any other
/// @param changes what holds from a time on, earliest first
public record PriceList(Price first, List<Change> changes) {

    /// A price and the time from which it holds, that moment included.
    public record Change(Instant from, Price price) {}

    public PriceList {
        changes = List.copyOf(changes);
        for (int i = 1; i < changes.size(); i++) {
            if (!changes.get(i - 1).from().isBefore(changes.get(i).from())) {
                throw new IllegalArgumentException("prices must be in the order of their times");
            }
        }
    }

    /// A price that never changes.
    public static PriceList of(Price price) {
        return new PriceList(price, List.of());
    }

    public Price at(Instant time) {
        Price holds = first;
        for (Change change : changes) {
            if (change.from().isAfter(time)) {
                break;
            }
            holds = change.price();
        }
        return holds;
    }
}
