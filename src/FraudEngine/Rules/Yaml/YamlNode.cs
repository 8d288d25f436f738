using YamlDotNet.Core;

namespace FraudEngine.Rules.Yaml;

/// <summary>A node of a YAML file and the characters at which it starts and ends.</summary>
internal abstract record YamlNode(int Start, int End);

/// <param name="Value">With quotes, escapes and folding resolved.</param>
internal sealed record YamlScalar(int Start, int End, string Value, ScalarStyle Style, string Tag) : YamlNode(Start, End);

internal sealed record YamlList(int Start, int End, IReadOnlyList<YamlNode> Items) : YamlNode(Start, End);

internal sealed record YamlMap(int Start, int End, IReadOnlyList<(YamlScalar Key, YamlNode Value)> Entries) : YamlNode(Start, End);
