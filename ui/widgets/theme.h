// Design tokens for light and dark, and their application to the program: palette, style sheet, fonts. Widgets that paint themselves ask
// tokens(), which follows the application's palette, so nobody holds a theme object.
#pragma once

#include <QColor>
#include <QFont>
#include <QString>

class QPainter;
class QRectF;
class QWidget;

namespace tokenlab::ui {

struct Tokens {
    bool dark;
    QColor window, card, field, border, borderStrong, text, muted, faint;
    QColor accent, accentHover, onAccent, accentSoft, accentText;
    QColor good, goodSoft, warning, warningSoft, bad, badSoft;
    QColor jsonName, jsonString, jsonNumber, jsonKeyword;
    QColor tokenHeader, tokenPayload, tokenSignature;
};

enum class ThemeChoice { System, Light, Dark };
enum class Tone { Neutral, Accent, Good, Warning, Bad };

[[nodiscard]] const Tokens &lightTokens();
[[nodiscard]] const Tokens &darkTokens();
[[nodiscard]] const Tokens &tokens(); // of the theme in force
[[nodiscard]] QColor toneColor(Tone tone);
[[nodiscard]] QColor toneBackground(Tone tone);

// What the desktop prefers; Qt before 6.5 only tells by its palette.
[[nodiscard]] bool systemPrefersDark();
void applyTheme(ThemeChoice choice);
[[nodiscard]] QString choiceName(ThemeChoice choice); // for the settings: `system`, `light`, `dark`
[[nodiscard]] ThemeChoice choiceFromName(const QString &name);

[[nodiscard]] QFont uiFont();
[[nodiscard]] QFont smallFont();
[[nodiscard]] bool joinsCharacters(const QFont &font); // has ligatures: `->` would be one sign
[[nodiscard]] QFont monoFont();
[[nodiscard]] QFont smallMonoFont();

// A card: surface with a 1-pixel border and rounded corners.
void paintCard(QPainter &painter, const QRectF &rect);
// Style-sheet rules that look at dynamic properties need the widget polished again after a change.
void setStyleProperty(QWidget *widget, const char *name, const QString &value);

} // namespace tokenlab::ui
