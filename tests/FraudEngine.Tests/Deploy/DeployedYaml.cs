using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace FraudEngine.Tests.Deploy;

/// <summary>A part of a YAML file, with anchors and merges resolved. What is not there fails the test, and says where it was looked for.</summary>
internal sealed class DeployedYaml
{
    private readonly object? _value;
    private readonly string _where;

    private DeployedYaml(object? value, string where)
    {
        _value = value;
        _where = where;
    }

    public IEnumerable<DeployedYaml> Items => As<List<object>>("a list").Select((item, i) => new DeployedYaml(item, $"{_where}[{i}]"));

    public IEnumerable<string> Keys => As<Dictionary<object, object>>("a map").Keys.Select(static key => (string)key);

    public string Text => As<string>("a text");

    public DeployedYaml this[string key] => Find(key) ?? throw new InvalidDataException($"{_where} has no '{key}'.");

    /// <summary>The documents of a file below <c>deploy</c>.</summary>
    public static IReadOnlyList<DeployedYaml> ReadAll(string file)
    {
        using var reader = File.OpenText(Path.Combine(Repository.Root, "deploy", file));
        var parser = new MergingParser(new Parser(reader));
        var deserializer = new DeserializerBuilder().Build();
        var documents = new List<DeployedYaml>();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
        {
            documents.Add(new DeployedYaml(deserializer.Deserialize(parser), file));
        }

        return documents;
    }

    public DeployedYaml? Find(string key) =>
        As<Dictionary<object, object>>("a map").TryGetValue(key, out var value) ? new DeployedYaml(value, $"{_where}: {key}") : null;

    /// <summary>A map of texts.</summary>
    public Dictionary<string, string> ToTexts() => Keys.ToDictionary(static key => key, key => this[key].Text);

    /// <summary>All scalars, at whatever depth.</summary>
    public IEnumerable<string> Scalars() => Scalars(_value);

    private static IEnumerable<string> Scalars(object? value) => value switch
    {
        Dictionary<object, object> map => map.Values.SelectMany(Scalars),
        List<object> list => list.SelectMany(Scalars),
        string text => [text],
        _ => [],
    };

    private T As<T>(string what) => _value is T value ? value : throw new InvalidDataException($"{_where} is not {what}.");
}
