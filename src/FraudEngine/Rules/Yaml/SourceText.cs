namespace FraudEngine.Rules.Yaml;

/// <summary>A file's text with its lines.</summary>
internal sealed class SourceText
{
    private readonly List<int> _lineStarts = [0];

    public SourceText(string text)
    {
        Text = text;
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                _lineStarts.Add(i + 1);
            }
        }
    }

    public string Text { get; }

    /// <summary>Line and column, from 1, of a character.</summary>
    public (int Line, int Column) At(int index)
    {
        var found = _lineStarts.BinarySearch(index);
        var line = found < 0 ? ~found : found + 1;
        return (line, index - _lineStarts[line - 1] + 1);
    }

    public string Line(int line)
    {
        var start = _lineStarts[line - 1];
        var end = line < _lineStarts.Count ? _lineStarts[line] : Text.Length;
        return Text[start..end].TrimEnd('\r', '\n');
    }
}
