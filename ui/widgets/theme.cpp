#include "ui/widgets/theme.h"

#include <QAbstractItemView>
#include <QApplication>
#include <QFontDatabase>
#include <QGlyphRun>
#include <QPainter>
#include <QPalette>
#include <QProxyStyle>
#include <QRawFont>
#include <QStyleHints>
#include <QStyleOption>
#include <QTextLayout>
#include <QVariant>
#include <QWidget>

namespace tokenlab::ui {

namespace {

Tokens makeLight()
{
    Tokens t;
    t.dark = false;
    t.window = QColor(0xf5f6f8);
    t.card = QColor(0xffffff);
    t.field = QColor(0xffffff);
    t.border = QColor(0xe0e3e9);
    t.borderStrong = QColor(0xc6cbd5);
    t.text = QColor(0x171a20);
    t.muted = QColor(0x5a6172);
    t.faint = QColor(0x767d8c);
    t.accent = QColor(0x2c6bed);
    t.accentHover = QColor(0x1f5bd6);
    t.onAccent = QColor(0xffffff);
    t.accentSoft = QColor(0xe8f0fe);
    t.accentText = QColor(0x2257c5);
    t.good = QColor(0x0e7048);
    t.goodSoft = QColor(0xe2f4eb);
    t.warning = QColor(0xa84d06);
    t.warningSoft = QColor(0xfdf1e2);
    t.bad = QColor(0xb92534);
    t.badSoft = QColor(0xfdebed);
    t.jsonName = QColor(0x0b57a8);
    t.jsonString = QColor(0x17713a);
    t.jsonNumber = QColor(0xb04a00);
    t.jsonKeyword = QColor(0x8a2fb8);
    t.tokenHeader = QColor(0xb83f0a);
    t.tokenPayload = QColor(0x7231dc);
    t.tokenSignature = QColor(0x0d6c64);
    return t;
}

Tokens makeDark()
{
    Tokens t;
    t.dark = true;
    t.window = QColor(0x14171c);
    t.card = QColor(0x1b1f26);
    t.field = QColor(0x171b21);
    t.border = QColor(0x2d333d);
    t.borderStrong = QColor(0x434b58);
    t.text = QColor(0xe7e9ee);
    t.muted = QColor(0xa0a8b6);
    t.faint = QColor(0x8a92a1);
    t.accent = QColor(0x4d85f5);
    t.accentHover = QColor(0x6a9afa);
    t.onAccent = QColor(0x0b1220);
    t.accentSoft = QColor(0x22304d);
    t.accentText = QColor(0x8fb4ff);
    t.good = QColor(0x4fc78e);
    t.goodSoft = QColor(0x16332a);
    t.warning = QColor(0xf0a04b);
    t.warningSoft = QColor(0x3a2a16);
    t.bad = QColor(0xff8086);
    t.badSoft = QColor(0x41212a);
    t.jsonName = QColor(0x85b8ff);
    t.jsonString = QColor(0x7fd79a);
    t.jsonNumber = QColor(0xf3a765);
    t.jsonKeyword = QColor(0xcf9cff);
    t.tokenHeader = QColor(0xfb9a4f);
    t.tokenPayload = QColor(0xb597ff);
    t.tokenSignature = QColor(0x5ce0cf);
    return t;
}

QString firstInstalled(const QStringList &wanted, const QString &otherwise)
{
    const QStringList families = QFontDatabase::families();
    for (const QString &family : wanted) {
        if (families.contains(family))
            return family;
    }
    return otherwise;
}

// Fusion fills the row that has the focus with a gradient, over the selection's own colour: here it is a line around it.
class FlatStyle : public QProxyStyle
{
public:
    FlatStyle() : QProxyStyle(QStringLiteral("Fusion")) {}
    void drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const override
    {
        // A tree that shows focus on all columns names no widget.
        if (element != PE_FrameFocusRect || (widget && !qobject_cast<const QAbstractItemView *>(widget))) {
            QProxyStyle::drawPrimitive(element, option, painter, widget);
            return;
        }
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(tokens().accent);
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(QRectF(option->rect).adjusted(0.5, 0.5, -0.5, -0.5), 4, 4);
        painter->restore();
    }
};

QPalette paletteOf(const Tokens &t)
{
    QPalette p;
    p.setColor(QPalette::Window, t.window);
    p.setColor(QPalette::WindowText, t.text);
    p.setColor(QPalette::Base, t.field);
    p.setColor(QPalette::AlternateBase, t.window);
    p.setColor(QPalette::Text, t.text);
    p.setColor(QPalette::PlaceholderText, t.faint);
    p.setColor(QPalette::Button, t.card);
    p.setColor(QPalette::ButtonText, t.text);
    p.setColor(QPalette::BrightText, t.bad);
    p.setColor(QPalette::Highlight, t.accent);
    p.setColor(QPalette::HighlightedText, t.onAccent);
    p.setColor(QPalette::Link, t.accentText);
    p.setColor(QPalette::LinkVisited, t.accentText);
    p.setColor(QPalette::ToolTipBase, t.card);
    p.setColor(QPalette::ToolTipText, t.text);
    p.setColor(QPalette::Light, t.border);
    p.setColor(QPalette::Midlight, t.border);
    p.setColor(QPalette::Mid, t.border);
    p.setColor(QPalette::Dark, t.borderStrong);
    p.setColor(QPalette::Shadow, t.borderStrong);
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText})
        p.setColor(QPalette::Disabled, role, t.faint);
    return p;
}

// $name stands for a token.
const char *const sheet = R"(
QMainWindow, QDialog { background: $window; }
QMainWindow::separator { background: transparent; width: 8px; height: 8px; }
QMainWindow::separator:hover { background: $accentSoft; }
QSplitter::handle { background: transparent; }
QSplitter::handle:hover { background: $accentSoft; }
QMenuBar { background: $window; padding: 2px 0; }
QMenuBar::item { background: transparent; padding: 4px 9px; border-radius: 6px; }
QMenuBar::item:selected { background: $accentSoft; }
QMenu { background: $card; border: 1px solid $border; padding: 5px; }
QMenu::item { padding: 6px 26px 6px 24px; border-radius: 5px; color: $text; }
QMenu::item:selected { background: $accentSoft; color: $text; }
QMenu::item:disabled { color: $faint; }
QMenu::separator { height: 1px; background: $border; margin: 5px 8px; }
QToolBar { border: none; background: transparent; padding: 0; spacing: 0; }
QStatusBar { background: $window; color: $muted; }
QStatusBar::item { border: none; }
QStatusBar QLabel { color: $muted; }
QToolTip { background: $card; color: $text; border: 1px solid $border; padding: 5px; }

QLineEdit, QComboBox { background: $field; color: $text; border: 1px solid $border; border-radius: 6px; padding: 4px 8px;
    selection-background-color: $accent; selection-color: $onAccent; min-height: 18px; }
QPlainTextEdit { background: $field; color: $text; border: 1px solid $border; border-radius: 6px; padding: 2px 4px;
    selection-background-color: $accent; selection-color: $onAccent; }
QLineEdit:hover, QComboBox:hover { border-color: $borderStrong; }
QLineEdit:focus, QComboBox:focus, QComboBox:on, QPlainTextEdit:focus { border: 1px solid $accent; }
QLineEdit:read-only, QLineEdit:disabled, QComboBox:disabled, QPlainTextEdit:disabled { background: $window; color: $muted; }
QLineEdit[invalid="yes"] { border: 1px solid $bad; }
QComboBox QLineEdit { border: none; background: transparent; padding: 0; min-height: 0; }
QComboBox::drop-down { border: none; width: 20px; }
QComboBox::down-arrow { image: url(:/icons/chevron-down.svg); width: 10px; height: 10px; }
QComboBoxPrivateContainer { background: $card; border: 1px solid $borderStrong; }
QComboBox QAbstractItemView::item { min-height: 22px; padding: 1px 6px; background: transparent; border: none; }
QComboBox QAbstractItemView::item:selected { background: $accentSoft; }
QComboBox QAbstractItemView::item:disabled { color: $muted; }
QComboBox QAbstractItemView { background: $card; color: $text; border: none; border-left: 1px solid $borderStrong;
    border-right: 1px solid $borderStrong; padding: 4px; outline: none;
    selection-background-color: $accentSoft; selection-color: $text; }

QPushButton { background: $card; color: $text; border: 1px solid $border; border-radius: 6px; padding: 5px 14px; min-height: 18px; }
QPushButton:hover { border-color: $borderStrong; background: $window; }
QPushButton:pressed { background: $accentSoft; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $faint; background: $window; }
QDialogButtonBox { dialogbuttonbox-buttons-have-icons: 0; }
QPushButton[kind="primary"] { background: $accent; color: $onAccent; border: 1px solid $accent; font-weight: 600; padding: 5px 18px; }
QPushButton[kind="primary"]:hover { background: $accentHover; border-color: $accentHover; }
QPushButton[kind="primary"]:focus { border: 2px solid #9cbcfb; padding: 4px 17px; }
QPushButton[kind="primary"]:disabled { background: $accentSoft; color: $faint; border-color: $accentSoft; }
QPushButton::menu-indicator { image: url(:/icons/chevron-down.svg); width: 9px; height: 9px; subcontrol-position: right center;
    subcontrol-origin: padding; right: 8px; }
QPushButton[kind="menu"] { padding-right: 24px; }
QToolButton { background: transparent; color: $muted; border: 1px solid transparent; border-radius: 6px; padding: 3px 6px; }
QToolButton:hover { background: $window; color: $text; }
QToolButton:pressed, QToolButton:checked { background: $accentSoft; color: $accentText; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:disabled { color: $faint; }
QToolButton[kind="link"] { color: $accentText; padding: 1px 3px; }
QToolButton[kind="link"]:hover { text-decoration: underline; }
QToolButton[kind="chip"] { background: transparent; color: $accentText; padding: 0; border: 1px solid transparent; border-radius: 8px; }
QToolButton[kind="chip"]:hover { background: $card; }
QToolButton[kind="chip"]:focus { border: 1px solid $accent; }
QToolButton[kind="fold"] { color: $text; font-weight: 600; padding: 3px 4px; }
QToolButton#securityFold { padding-left: 0; margin-left: -7px; }
QToolButton[kind="fold"][tone="warning"] { color: $warning; }
QToolButton[kind="verdict"] { color: $text; padding: 3px 4px; text-align: left; }
QToolButton[kind="verdict"][tone="bad"] { color: $bad; }
QToolButton::menu-indicator { image: url(:/icons/chevron-down.svg); width: 9px; height: 9px; subcontrol-position: right center; right: 3px; }
QToolButton[kind="menu"] { padding-right: 17px; }

QCheckBox { spacing: 7px; color: $text; border: 1px solid transparent; border-radius: 5px; padding: 1px 2px; }
QCheckBox:focus { border: 1px solid $accent; }
QCheckBox:disabled { color: $faint; }
QCheckBox::indicator, QTreeView::indicator { width: 14px; height: 14px; border: 1px solid $borderStrong; border-radius: 4px; background: $field; }
QCheckBox::indicator:hover, QTreeView::indicator:hover { border-color: $accent; }
QCheckBox::indicator:checked, QTreeView::indicator:checked { background: $accent; border-color: $accent;
    image: url(:/icons/check.svg); }
QCheckBox::indicator:checked:disabled { background: $faint; border-color: $faint; }

QTabBar { background: transparent; qproperty-drawBase: 0; border: none; }
QTabBar::tab { background: transparent; color: $muted; border: none; border-bottom: 2px solid transparent; padding: 5px 4px 5px 4px; margin: 0 12px 0 0; }
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { color: $accentText; }

QScrollArea, QScrollArea > QWidget > QWidget[surface="clear"] { background: transparent; border: none; }
QAbstractItemView { background: transparent; color: $text; border: none; outline: none; selection-background-color: $accentSoft;
    selection-color: $text; alternate-background-color: transparent; }
QListView::item:selected, QTreeView::item:selected, QTableView::item:selected { background: $accentSoft; color: $text; }
QAbstractItemView:focus { border: none; }
QTreeView::item { padding: 1px 0; }
QTreeView::branch { background: transparent; }
QTreeView::branch:has-children:closed { image: url(:/icons/chevron-right.svg); }
QTreeView::branch:has-children:open { image: url(:/icons/chevron-down.svg); }
QHeaderView { background: transparent; border: none; }
QHeaderView::section { background: transparent; color: $muted; border: none; border-bottom: 1px solid $border; padding: 4px 6px; }
QTableCornerButton::section { background: transparent; border: none; }

QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $border; border-radius: 4px; margin: 1px; }
QScrollBar::handle:hover { background: $borderStrong; }
QScrollBar::handle:vertical { min-height: 28px; }
QScrollBar::handle:horizontal { min-width: 28px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; border: none; width: 0; height: 0; }
QAbstractScrollArea::corner { background: transparent; border: none; }

QLabel { background: transparent; }
QLabel[role="title"] { font-weight: 600; color: $text; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="warning"] { color: $warning; }
QLabel[role="bad"] { color: $bad; }
QLabel[tone="neutral"] { background: $window; color: $muted; border: 1px solid $border; }
QLabel[tone="accent"] { background: $accentSoft; color: $accentText; border: 1px solid $accentSoft; }
QLabel[tone="good"] { background: $goodSoft; color: $good; border: 1px solid $goodSoft; }
QLabel[tone="warning"] { background: $warningSoft; color: $warning; border: 1px solid $warningSoft; }
QLabel[tone="bad"] { background: $badSoft; color: $bad; border: 1px solid $badSoft; }
QLabel[pill="yes"] { border-radius: 10px; padding: 2px 11px; font-weight: 600; }
)";

QString sheetOf(const Tokens &t)
{
    QString text = QLatin1String(sheet);
    // Longer names first: $accentSoft before $accent.
    const std::pair<const char *, QColor> names[] = {{"$accentHover", t.accentHover},
                                                     {"$accentSoft", t.accentSoft},
                                                     {"$accentText", t.accentText},
                                                     {"$accent", t.accent},
                                                     {"$onAccent", t.onAccent},
                                                     {"$window", t.window},
                                                     {"$card", t.card},
                                                     {"$field", t.field},
                                                     {"$borderStrong", t.borderStrong},
                                                     {"$border", t.border},
                                                     {"$text", t.text},
                                                     {"$muted", t.muted},
                                                     {"$faint", t.faint},
                                                     {"$goodSoft", t.goodSoft},
                                                     {"$good", t.good},
                                                     {"$warningSoft", t.warningSoft},
                                                     {"$warning", t.warning},
                                                     {"$badSoft", t.badSoft},
                                                     {"$bad", t.bad}};
    for (const auto &[name, color] : names)
        text.replace(QLatin1String(name), color.name());
    return text;
}

} // namespace

const Tokens &lightTokens()
{
    static const Tokens t = makeLight();
    return t;
}

const Tokens &darkTokens()
{
    static const Tokens t = makeDark();
    return t;
}

const Tokens &tokens()
{
    return QGuiApplication::palette().color(QPalette::Window).lightness() < 128 ? darkTokens() : lightTokens();
}

QColor toneColor(Tone tone)
{
    const Tokens &t = tokens();
    switch (tone) {
    case Tone::Accent:
        return t.accentText;
    case Tone::Good:
        return t.good;
    case Tone::Warning:
        return t.warning;
    case Tone::Bad:
        return t.bad;
    case Tone::Neutral:
        break;
    }
    return t.muted;
}

QColor toneBackground(Tone tone)
{
    const Tokens &t = tokens();
    switch (tone) {
    case Tone::Accent:
        return t.accentSoft;
    case Tone::Good:
        return t.goodSoft;
    case Tone::Warning:
        return t.warningSoft;
    case Tone::Bad:
        return t.badSoft;
    case Tone::Neutral:
        break;
    }
    return t.window;
}

bool systemPrefersDark()
{
#if QT_VERSION >= QT_VERSION_CHECK(6, 5, 0)
    return QGuiApplication::styleHints()->colorScheme() == Qt::ColorScheme::Dark;
#else
    // Our own palette hides the desktop's: take it away for a moment.
    const QPalette ours = QGuiApplication::palette();
    QApplication::setPalette(QPalette());
    const bool dark = QGuiApplication::palette().color(QPalette::Window).lightness() < 128;
    QApplication::setPalette(ours);
    return dark;
#endif
}

void applyTheme(ThemeChoice choice)
{
    const bool dark = choice == ThemeChoice::Dark || (choice == ThemeChoice::System && systemPrefersDark());
    const Tokens &t = dark ? darkTokens() : lightTokens();
    if (!qApp->property("flatStyle").toBool())
        QApplication::setStyle(new FlatStyle); // the application owns it
    qApp->setProperty("flatStyle", true);
    QApplication::setFont(uiFont());
    QApplication::setPalette(paletteOf(t));
    qApp->setStyleSheet(sheetOf(t));
}

QString choiceName(ThemeChoice choice)
{
    return choice == ThemeChoice::Light  ? QStringLiteral("light")
           : choice == ThemeChoice::Dark ? QStringLiteral("dark")
                                         : QStringLiteral("system");
}

ThemeChoice choiceFromName(const QString &name)
{
    return name == QLatin1String("light") ? ThemeChoice::Light : name == QLatin1String("dark") ? ThemeChoice::Dark : ThemeChoice::System;
}

QFont uiFont()
{
    static const QString family = firstInstalled({QStringLiteral("Inter")}, QFontDatabase::systemFont(QFontDatabase::GeneralFont).family());
    QFont font(family);
    font.setPointSizeF(9.75);
    return font;
}

QFont smallFont()
{
    QFont font = uiFont();
    font.setPointSizeF(8.5);
    return font;
}

bool joinsCharacters(const QFont &font)
{
    QFont shaped = font;
    shaped.setStyleStrategy(QFont::PreferDefault);
    const QString text = QStringLiteral("-> => != == >= :// /* www ffi");
    QTextLayout layout(text, shaped);
    layout.beginLayout();
    layout.createLine();
    layout.endLayout();
    QList<quint32> drawn;
    const QList<QGlyphRun> runs = layout.glyphRuns();
    for (const QGlyphRun &run : runs)
        drawn << run.glyphIndexes();
    return drawn != QRawFont::fromFont(shaped).glyphIndexesForString(text);
}

// The system's own face, unless it joins characters and another does not.
static QString separateFixedFamily()
{
    const QString own = QFontDatabase::systemFont(QFontDatabase::FixedFont).family();
    if (!joinsCharacters(QFont(own)))
        return own;
    const QStringList families = QFontDatabase::families(QFontDatabase::Latin);
    for (const QString &family : families) {
        if (QFontDatabase::isFixedPitch(family) && QFontDatabase::isSmoothlyScalable(family) && !joinsCharacters(QFont(family)))
            return family;
    }
    return own;
}

QFont monoFont()
{
    // Faces without ligatures: in a tool about bytes `://` is three characters. The editors cannot turn them off.
    static const QString family = [] {
        const QString known =
            firstInstalled({QStringLiteral("JetBrains Mono NL"), QStringLiteral("IBM Plex Mono"), QStringLiteral("Source Code Pro"),
                            QStringLiteral("Liberation Mono"), QStringLiteral("DejaVu Sans Mono")},
                           {});
        return known.isEmpty() ? separateFixedFamily() : known;
    }();
    QFont font(family);
    font.setPointSizeF(9);
    font.setStyleHint(QFont::Monospace);
    font.setFixedPitch(true);
    font.setStyleStrategy(QFont::PreferNoShaping); // where every face here has ligatures
    return font;
}

QFont smallMonoFont()
{
    QFont font = monoFont();
    font.setPointSizeF(7.75);
    return font;
}

void paintCard(QPainter &painter, const QRectF &rect)
{
    const Tokens &t = tokens();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(t.border, 1));
    painter.setBrush(t.card);
    painter.drawRoundedRect(rect.adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

void setStyleProperty(QWidget *widget, const char *name, const QString &value)
{
    if (widget->property(name).toString() == value)
        return;
    widget->setProperty(name, value);
    widget->style()->unpolish(widget);
    widget->style()->polish(widget);
    widget->update();
}

} // namespace tokenlab::ui
