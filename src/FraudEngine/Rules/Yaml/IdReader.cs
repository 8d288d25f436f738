namespace FraudEngine.Rules.Yaml;

/// <summary>Reads the ids of a file's rules, each of which stands there once.</summary>
internal sealed class IdReader(SourceText source, ScalarReader scalars, FileErrors errors)
{
    private readonly Dictionary<string, int> _ids = [];

    public string? Read(YamlScalar? scalar)
    {
        var id = scalars.Name(scalar, "id");
        if (id is not null && !_ids.TryAdd(id, scalar!.Start))
        {
            errors.Add(scalar.Start, $"the id '{id}' is already that of the rule in line {source.At(_ids[id]).Line}");
            return null;
        }

        return id;
    }
}
