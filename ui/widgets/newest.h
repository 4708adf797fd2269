// Work for another thread where only the newest order counts: what was ordered earlier is dropped when it ends. The work must own all it
// reads, because it may outlive whoever ordered it.
#pragma once

#include <QFutureWatcher>
#include <QtConcurrentRun>

#include <functional>
#include <utility>

namespace tokenlab::ui {

template <class T>
class Newest
{
public:
    Newest()
    {
        // A watcher that got a newer future says nothing of the older one.
        QObject::connect(&m_watcher, &QFutureWatcher<T>::finished, &m_watcher, [this] {
            if (const auto done = std::exchange(m_done, nullptr))
                done(m_watcher.result());
        });
    }
    void order(std::function<T()> work, std::function<void(const T &)> done)
    {
        m_done = std::move(done);
        m_watcher.setFuture(QtConcurrent::run(std::move(work)));
    }
    void drop() { m_done = nullptr; }
    [[nodiscard]] bool isPending() const { return m_done != nullptr; }

private:
    QFutureWatcher<T> m_watcher;
    std::function<void(const T &)> m_done;
};

constexpr qsizetype workedAtOnce = qsizetype{64} * 1024; // smaller texts cost less than the way to a thread

} // namespace tokenlab::ui
