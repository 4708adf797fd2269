// Below a token's claims: what each validator of the document says to it.
#pragma once

#include "ui/tokens/verdictdesk.h"

#include <QWidget>

class QLabel;
class QToolButton;
class QVBoxLayout;

namespace tokenlab::ui {

enum class Tone;

// A verdict in short, for the card's head: `GET /account: 200`, `1 of 3 accept`.
struct VerdictSummary {
    QString text;
    Tone tone;
};
[[nodiscard]] VerdictSummary summaryOf(const Verdicts &verdicts);

class ValidatorSection : public QWidget
{
    Q_OBJECT
public:
    explicit ValidatorSection(QWidget *parent = nullptr);
    // verdicts: none while they are being judged. refused: why no validator can be added; empty: one can.
    void show(const Verdicts *verdicts, int validators, bool loading, Instant now, const QString &refused);

signals:
    void addAsked();
    void placeAsked(const QByteArray &pointer);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void showRow(QToolButton *row, const twin::EndpointVerdict &verdict, Instant now);
    void explain(QToolButton *row, const twin::EndpointVerdict &verdict);
    void elide();

    QVBoxLayout *m_rows;
    QLabel *m_note;
    QToolButton *m_add, *m_more;
    std::vector<QToolButton *> m_buttons;
    Verdicts m_verdicts;
    Instant m_now;
    bool m_loading = false, m_all = false;
};

} // namespace tokenlab::ui
