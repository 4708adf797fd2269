// Between a token's claims and its validators: whether its signature is right with a key from elsewhere. That it was signed here is said at
// the card's head, and is another thing.
#pragma once

#include "ui/tokens/signaturedesk.h"

#include <QWidget>

class QLabel;
class QToolButton;

namespace tokenlab::ui {

enum class Tone;

// In short, for the card's head; empty: nothing to say.
struct SignatureSummary {
    QString text;
    Tone tone;
};
[[nodiscard]] SignatureSummary summaryOf(const SignatureState &state);

class SignatureSection : public QWidget
{
    Q_OBJECT
public:
    explicit SignatureSection(QWidget *parent = nullptr);
    void show(const SignatureState &state, const SignatureDesk &desk);

signals:
    void keysAsked();
    void clearAsked();

private:
    QLabel *m_note, *m_mark, *m_words, *m_remarks, *m_source;
    QWidget *m_line;
    QToolButton *m_choose, *m_clear;
};

} // namespace tokenlab::ui
