#include "outbox/async_outbox.hpp"

namespace camgate::outbox {

AsyncOutbox::AsyncOutbox(EventLoop& loop, Post to_state_thread, Result<std::unique_ptr<Outbox>> outbox)
    : loop_(loop), post_(std::move(to_state_thread)) {
    if (!outbox) {
        error_ = std::move(outbox).error();
        return;
    }
    outbox_ = std::move(*outbox);
    figures_ = outbox_->figures();
}

void AsyncOutbox::apply(Changes changes, Answer<Applied> answer) {
    ask<Applied>([changes = std::move(changes)](Outbox& outbox) { return outbox.apply(changes); },
                 [this, answer = std::move(answer)](Result<Applied> applied) {
                     if (applied) figures_ = applied->figures;
                     answer(std::move(applied));
                 });
}

}  // namespace camgate::outbox
