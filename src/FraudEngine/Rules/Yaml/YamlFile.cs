using FraudEngine.Rules.Syntax;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace FraudEngine.Rules.Yaml;

/// <summary>
/// Reads a file's one document into nodes with places. Built on the parser's events: the library's own object model stops at the
/// first duplicate key. Anchors and aliases are refused: a few lines of them can stand for billions of nodes.
/// </summary>
internal sealed class YamlFile
{
    private const int DepthMax = 10;

    private readonly FileErrors _errors;
    private readonly string _keys;
    private readonly YamlDotNet.Core.Parser _parser;

    private YamlFile(string text, string keys, FileErrors errors)
    {
        _keys = keys;
        _errors = errors;
        _parser = new YamlDotNet.Core.Parser(new StringReader(text));
    }

    /// <summary>The document's root; null, with the error noted, where the file is no YAML, or empty.</summary>
    /// <param name="keys">What the file should have, in words.</param>
    public static YamlNode? Read(string text, string keys, FileErrors errors)
    {
        if (text.IndexOf('\0') is >= 0 and var zero)
        {
            // The parser takes it for the end of what it stands in, and a rule would lose its last part.
            errors.Add(zero, "a file must not have the character U+0000");
            return null;
        }

        var file = new YamlFile(text, keys, errors);
        try
        {
            return file.ReadDocument();
        }
        catch (YamlException exception)
        {
            errors.Add((int)exception.Start.Index, $"this is not valid YAML: {Excerpt.Line(exception.Message)}{Hint(text, (int)exception.Start.Index)}");
            return null;
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException)
        {
            // The library gives up so on some broken texts, without a place: the error is behind what was read last.
            errors.Add((int)(file._parser.Current?.End.Index ?? 0), "this is not valid YAML, somewhere behind this place");
            return null;
        }
    }

    private YamlNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (!_parser.TryConsume<DocumentStart>(out _))
        {
            _errors.Add(0, $"the file is empty; expected {_keys}");
            return null;
        }

        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.Accept<DocumentStart>(out var second))
        {
            _errors.Add((int)second.Start.Index, "expected the end: the file is one YAML document");
        }

        return root;
    }

    private YamlNode ReadNode(int depth)
    {
        if (_parser.Current is NodeEvent { Anchor.IsEmpty: false } or AnchorAlias)
        {
            throw new YamlException(_parser.Current.Start, _parser.Current.End, "anchors and aliases ('&' and '*') are not supported; a text that begins so needs quotes");
        }

        if (depth > DepthMax)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, "nested too deeply");
        }

        if (_parser.TryConsume<Scalar>(out var scalar))
        {
            return new YamlScalar((int)scalar.Start.Index, (int)scalar.End.Index, scalar.Value, scalar.Style, scalar.Tag.IsEmpty ? "" : scalar.Tag.Value);
        }

        return _parser.TryConsume<SequenceStart>(out var list) ? ReadList(list, depth) : ReadMap(_parser.Consume<MappingStart>(), depth);
    }

    private YamlList ReadList(SequenceStart start, int depth)
    {
        var items = new List<YamlNode>();
        while (!_parser.Accept<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new YamlList((int)start.Start.Index, (int)_parser.Consume<SequenceEnd>().End.Index, items);
    }

    private YamlMap ReadMap(MappingStart start, int depth)
    {
        var entries = new List<(YamlScalar, YamlNode)>();
        while (!_parser.Accept<MappingEnd>(out _))
        {
            var key = ReadNode(depth + 1);
            var value = ReadNode(depth + 1);
            if (key is YamlScalar scalar)
            {
                entries.Add((scalar, value));
            }
            else
            {
                _errors.Add(key.Start, "a key must be a plain name");
            }
        }

        return new YamlMap((int)start.Start.Index, (int)_parser.Consume<MappingEnd>().End.Index, entries);
    }

    /// <summary>What YAML takes for something else where it begins a condition or a text.</summary>
    private static string Hint(string text, int index)
    {
        var lineStart = text.LastIndexOf('\n', Math.Clamp(index - 1, 0, text.Length - 1)) + 1;
        var line = text.AsSpan(lineStart).TrimStart(" -");
        var (key, what) = line.StartsWith("when:", StringComparison.Ordinal) ? ("when:", "condition")
            : line.StartsWith("value:", StringComparison.Ordinal) ? ("value:", "value")
            : line.StartsWith("text:", StringComparison.Ordinal) ? ("text:", "text")
            : ("", "");
        var value = line[key.Length..].TrimStart(' ');
        return key.Length > 0 && value.Length > 0 && "!\"'&*[{>|%@`".Contains(value[0])
            ? $" A {what} that begins with {value[0]} must stand in quotes, or on the line below '{key} |'."
            : "";
    }
}
