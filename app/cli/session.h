// What a running command needs of its surroundings: two streams and a way to end. Everything asynchronous is a child of the session.
#pragma once

#include <QFile>
#include <QObject>
#include <QStringList>

namespace tokenlab::cli {

enum ExitCode { Done = 0, Negative = 1, Unusable = 2, Outside = 3 }; // design §5

class Session : public QObject
{
    Q_OBJECT
public:
    explicit Session(QObject *parent = nullptr);

    void out(const QByteArray &text);             // standard output
    void notice(const QString &sentence);         // one line on standard error
    void remark(const QString &sentence);         // the same, and among the `notes` of --json
    void finish(int code);                        // ends the event loop with this code; the first call counts
    void fail(int code, const QString &sentence); // with --json also {"error": sentence}, unless something was printed already
    void setJson(bool json) { m_json = json; }
    [[nodiscard]] const QStringList &remarks() const { return m_remarks; }

private:
    QFile m_out, m_err;
    QStringList m_remarks;
    bool m_finished = false, m_json = false, m_printed = false;
};

} // namespace tokenlab::cli
