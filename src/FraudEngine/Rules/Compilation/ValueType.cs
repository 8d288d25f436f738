namespace FraudEngine.Rules.Compilation;

internal enum ValueType : byte
{
    None,
    Number,
    Text,
    Bool,
    Duration,
    Timestamp,
    List,
}

/// <summary>The types' names in messages.</summary>
internal static class ValueTypeText
{
    public static string One(ValueType type) => type switch
    {
        ValueType.None => "nothing",
        ValueType.Number => "a number",
        ValueType.Text => "text",
        ValueType.Bool => "a condition",
        ValueType.Duration => "a duration",
        ValueType.Timestamp => "a timestamp",
        ValueType.List => "a list",
    };

    public static string Two(ValueType type) => type switch
    {
        ValueType.None => "two values",
        ValueType.Number => "two numbers",
        ValueType.Text => "two texts",
        ValueType.Bool => "two conditions",
        ValueType.Duration => "two durations",
        ValueType.Timestamp => "two timestamps",
        ValueType.List => "two lists",
    };
}
