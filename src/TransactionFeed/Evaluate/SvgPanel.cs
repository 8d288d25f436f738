using System.Globalization;
using System.Security;
using System.Text;

namespace TransactionFeed.Evaluate;

/// <summary>
/// One square plot of an SVG picture: its frame, grid and what is drawn in it. Positions in it are shares of its sides, from the lower left; the vertical axis ends at
/// <paramref name="yMax"/>.
/// </summary>
internal sealed class SvgPanel(StringBuilder svg, double left, double top, double yMax)
{
    public const int Side = 290;

    private const int Ticks = 5;

    /// <summary>Text of the picture, safe within XML: what XML can't hold becomes a question mark.</summary>
    public static string Escaped(string text) =>
        SecurityElement.Escape(string.Concat(text.EnumerateRunes().Select(static rune => Rune.IsControl(rune) || rune.Value is 0xFFFE or 0xFFFF ? "?" : rune.ToString())))!;

    public void Frame(string title, string subtitle, string xName, string yName, bool hasXTicks)
    {
        Text(left, top - 30, "title", "start", title);
        Text(left, top - 12, "sub", "start", subtitle);
        for (var i = 0; i <= Ticks; i++)
        {
            var share = (double)i / Ticks;
            Line(0, share, 1, share, "grid");
            Text(left - 8, Y(share) + 4, "tick", "end", Number(share * yMax));
            if (hasXTicks)
            {
                Line(share, 0, share, 1, "grid");
                Text(X(share), top + Side + 17, "tick", "middle", Number(share));
            }
        }

        Line(0, 0, 1, 0, "axis");
        Line(0, 0, 0, 1, "axis");
        Text(left + (Side / 2.0), top + Side + 38, "name", "middle", xName);
        Add($"""<text class="name" text-anchor="middle" transform="translate({left - 42:0.##} {top + (Side / 2.0):0.##}) rotate(-90)">{Escaped(yName)}</text>""");
    }

    /// <summary>A line, of which those points are left out that nobody would see.</summary>
    public void Curve(IEnumerable<(double X, double Y)> points, string style)
    {
        const double seen = 0.4;
        var path = new StringBuilder();
        (double X, double Y)? drawn = null;
        (double X, double Y)? last = null;
        foreach (var point in points)
        {
            var at = (X: X(point.X), Y: Y(point.Y));
            last = at;
            if (drawn is { } before && Math.Abs(at.X - before.X) < seen && Math.Abs(at.Y - before.Y) < seen)
            {
                continue;
            }

            Append(path, at);
            drawn = at;
        }

        if (last is { } end && end != drawn)
        {
            Append(path, end);
        }

        Add($"""<path class="{style}" d="M{path}"/>""");
    }

    public void Line(double x1, double y1, double x2, double y2, string style) =>
        Add($"""<line class="{style}" x1="{X(x1):0.##}" y1="{Y(y1):0.##}" x2="{X(x2):0.##}" y2="{Y(y2):0.##}"/>""");

    /// <summary>A dot with a title, which browsers show under the pointer.</summary>
    public void Dot(double x, double y, string style, string title) =>
        Add($"""<circle class="{style}" cx="{X(x):0.##}" cy="{Y(y):0.##}" r="{RadiusOf(style)}"><title>{Escaped(title)}</title></circle>""");

    /// <summary>A bar on the horizontal axis, from <paramref name="x1"/> to <paramref name="x2"/>.</summary>
    public void Bar(double x1, double x2, double height, string style, string title) => Add(
        $"""<rect class="{style}" x="{X(x1):0.##}" y="{Y(height):0.##}" width="{(x2 - x1) * Side:0.##}" height="{height * Side:0.##}"><title>{Escaped(title)}</title></rect>""");

    /// <summary>A word under the horizontal axis.</summary>
    public void Under(double x, string text) => Text(X(x), top + Side + 17, "tick", "middle", text);

    /// <summary>Words in the middle, where there is nothing to draw.</summary>
    public void Say(string text) => Text(X(0.5), Y(0.5), "sub", "middle", text);

    /// <summary>What a dot or a bar of this style means.</summary>
    public void Key(double x, double y, string style, string meaning)
    {
        var (atX, atY) = (X(x), Y(y));
        if (style.StartsWith("dot", StringComparison.Ordinal))
        {
            Add($"""<circle class="{style}" cx="{atX + 6:0.##}" cy="{atY:0.##}" r="{RadiusOf(style)}"/>""");
        }
        else
        {
            Add($"""<rect class="{style}" x="{atX:0.##}" y="{atY - 5:0.##}" width="12" height="10"/>""");
        }

        Text(atX + 18, atY + 4, "tick", "start", meaning);
    }

    /// <summary>A score's ring has room for an outcome's dot, as the two often stand at the same place.</summary>
    private static string RadiusOf(string style) => style == "dotScore" ? "5.5" : "3";

    private void Text(double x, double y, string style, string anchor, string text) =>
        Add($"""<text class="{style}" text-anchor="{anchor}" x="{x:0.##}" y="{y:0.##}">{Escaped(text)}</text>""");

    private double X(double share) => left + (share * Side);

    private double Y(double share) => top + ((1 - share) * Side);

    private void Add(FormattableString element) => svg.Append(FormattableString.Invariant(element)).Append('\n');

    private static void Append(StringBuilder path, (double X, double Y) at) =>
        path.Append(path.Length == 0 ? "" : "L").Append(CultureInfo.InvariantCulture, $"{at.X:0.#} {at.Y:0.#}");

    private static string Number(double value) => value.ToString("0.###", CultureInfo.InvariantCulture);
}
