// Small building blocks of the window: cards, docks that look like cards, pills, banners, icons, labels.
#pragma once

#include "ui/widgets/theme.h"

#include <QDockWidget>
#include <QFrame>
#include <QLabel>

class QHBoxLayout;
class QIcon;
class QTabBar;
class QToolButton;
class QVBoxLayout;

namespace tokenlab::ui {

// An SVG of resources/icons in the given colour.
[[nodiscard]] QIcon icon(const QString &name, const QColor &color);
[[nodiscard]] QPixmap iconPixmap(const QString &name, const QColor &color, int size, qreal ratio);

enum class Shape { Check, Triangle, Cross, Dash, Ring, Dot };
// Shapes as well as colours tell severities apart.
void paintShape(QPainter &painter, const QRectF &rect, Shape shape, const QColor &color);
[[nodiscard]] QIcon shapeIcon(Shape shape, const QColor &color);

// A short rounded label.
class Pill : public QLabel
{
    Q_OBJECT
public:
    explicit Pill(QWidget *parent = nullptr);
    void show(const QString &text, Tone tone);
    [[nodiscard]] Tone tone() const { return m_tone; }

private:
    Tone m_tone = Tone::Neutral;
};

// Title row of a card or dock: a title or tabs at the left, actions at the right.
class CardHeader : public QWidget
{
    Q_OBJECT
public:
    explicit CardHeader(const QString &title, QWidget *parent = nullptr, bool slim = false);
    explicit CardHeader(QTabBar *tabs, QWidget *parent = nullptr);
    void addAction(QWidget *widget); // right-aligned, in order
    void addBeside(QWidget *widget); // beside the title
    using QWidget::addAction;

private:
    QHBoxLayout *m_row;
    int m_beside = 1;
};

class Card : public QFrame
{
    Q_OBJECT
public:
    explicit Card(QWidget *parent = nullptr);
    [[nodiscard]] QVBoxLayout *column() const { return m_column; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QVBoxLayout *m_column;
};

// A dock whose title bar is a CardHeader; movable by it as any dock.
class CardDock : public QDockWidget
{
    Q_OBJECT
public:
    CardDock(const QString &title, CardHeader *header, QWidget *body, bool framed = true, QWidget *parent = nullptr);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    bool m_framed;
};

// A line of text over the work area, with actions; hidden until shown.
class Banner : public QFrame
{
    Q_OBJECT
public:
    explicit Banner(QWidget *parent = nullptr);
    void showText(const QString &text, Tone tone, const QString &action = {});
    [[nodiscard]] QString text() const { return m_text->text(); }

signals:
    void actionTriggered();
    void dismissed();

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QLabel *m_text;
    QToolButton *m_action, *m_close;
    Tone m_tone = Tone::Accent;
};

// Plain text only, wrapped; `role` is a style-sheet role (`muted`, `warning`, …).
[[nodiscard]] QLabel *plainLabel(const QString &text, const char *role = nullptr, QWidget *parent = nullptr);
[[nodiscard]] QToolButton *flatButton(const QString &text, const QString &accessibleName, const QString &objectName,
                                      QWidget *parent = nullptr);
// A form label: words, and under them the configuration's own member name in small mono.
[[nodiscard]] QWidget *memberLabel(const QString &words, const QString &member, QWidget *buddy);
// The same in one line, to stand above a field: for long member names.
[[nodiscard]] QWidget *memberCaption(const QString &words, const QString &member, QWidget *buddy);
// A row of a form. Box layouts, because a form layout gives wrapped texts the wrong height.
void addFormRow(QVBoxLayout *form, QWidget *label, QWidget *field);

} // namespace tokenlab::ui
