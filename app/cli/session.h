// What a running command needs of its surroundings: two streams and a way to end. Everything asynchronous is a child of the session.
#pragma once

#include <QFile>
#include <QObject>
#include <QStringList>

#include <map>

namespace tokenlab::cli {

enum ExitCode { Done = 0, Negative = 1, Unusable = 2, Outside = 3 }; // design §5

class Session : public QObject
{
    Q_OBJECT
public:
    explicit Session(QObject *parent = nullptr);

    void out(const QByteArray &text);                        // standard output
    [[nodiscard]] bool isWritten() const { return !m_lost; } // all of what out() was given
    void notice(const QString &sentence);                    // one line on standard error
    void remark(const QString &sentence);                    // the same, and among the `notes` of --json
    void finish(int code);                                   // ends the event loop with this code; the first call counts
    void fail(int code, const QString &sentence);            // with --json also {"error": sentence}, unless something was printed already
    void setJson(bool json) { m_json = json; }
    [[nodiscard]] const QStringList &remarks() const { return m_remarks; }

    // What a named input holds, once it was read: standard input comes once, and a template is shown as it was rendered.
    struct Source {
        QByteArray text;
        bool rendered = false;
    };
    void setSource(const QString &name, const Source &source) { m_sources[name] = source; }
    [[nodiscard]] const Source *source(const QString &name) const
    {
        const auto found = m_sources.find(name);
        return found == m_sources.end() ? nullptr : &found->second;
    }

private:
    QFile m_out, m_err;
    QStringList m_remarks;
    std::map<QString, Source> m_sources;
    bool m_finished = false, m_json = false, m_printed = false, m_lost = false;
};

} // namespace tokenlab::cli
