// A state as a shape in its colour, beside the words that say the same.
#pragma once

#include "ui/widgets/basics.h"

#include <QPainter>

namespace tokenlab::ui {

class ShapeMark : public QWidget
{
public:
    ShapeMark(Shape shape, Tone tone, QWidget *parent = nullptr) : QWidget(parent), m_shape(shape), m_tone(tone) { setFixedSize(14, 16); }
    void show(Shape shape, Tone tone)
    {
        m_shape = shape;
        m_tone = tone;
        update();
    }
    [[nodiscard]] Shape shape() const { return m_shape; }
    [[nodiscard]] Tone tone() const { return m_tone; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintShape(painter, QRectF(0, 1, 14, 14), m_shape, toneColor(m_tone));
    }

private:
    Shape m_shape;
    Tone m_tone;
};

} // namespace tokenlab::ui
