// Ctrl+C and a polite kill, as a signal of the event loop.
#pragma once

#include <QObject>

#include <memory>

namespace tokenlab::cli {

class Interrupt : public QObject
{
    Q_OBJECT
public:
    explicit Interrupt(QObject *parent = nullptr);
    ~Interrupt() override;

Q_SIGNALS:
    void caught();

private:
    struct Private;
    std::unique_ptr<Private> m_d;
};

} // namespace tokenlab::cli
