// What came of a look, from the top: the verdict with the gateway's words, what to change, each hop with its steps, the answer, and the
// bindings that acted.
#pragma once

#include "ui/connection/connectionlook.h"

#include <QWidget>

class QVBoxLayout;

namespace tokenlab::ui {

class HopView : public QWidget
{
    Q_OBJECT
public:
    explicit HopView(QWidget *parent = nullptr);
    void show(const Seen &seen);
    void showWords(const QString &title, const QString &words, const QByteArray &gatewayWords, bool failed);
    [[nodiscard]] QList<QWidget *> buttons() const; // from the top
    // Buttons that change something: enabled, or why not.
    void setEditable(const QString &whyNot);

Q_SIGNALS:
    void trustAsked(std::size_t hop, int certificate);
    void pinAsked(std::size_t hop, int certificate);

private:
    void clear();
    void addTitle(const QString &text);
    void addVerdict(const QString &title, int state); // of text::ConnectionStep::State
    void addGatewayWords(const QString &words);
    void addRemedies(const Seen &seen);
    void addHop(const Seen &seen, std::size_t index);
    void addAnswer(const Seen &seen);
    void addLine(const QString &title, const QString &text, const char *name, bool mono = false);

    QVBoxLayout *m_column;
    QWidget *m_body = nullptr;
    QVBoxLayout *m_rows = nullptr;
    QString m_whyNot;
};

} // namespace tokenlab::ui
