namespace FraudEngine.Rules;

/// <summary>What an activity rule needs the customer to choose.</summary>
public enum ActivityChoice
{
    None,
    Number,
    Text,
}

/// <summary>Choices as rule files and JSON state them.</summary>
public static class ActivityChoiceText
{
    /// <summary>Null where nothing is chosen.</summary>
    public static string? Of(ActivityChoice choice) => choice switch
    {
        ActivityChoice.None => null,
        ActivityChoice.Number => "number",
        ActivityChoice.Text => "text",
    };
}
