using System.Text.Json;

namespace FraudEngine.Domain;

/// <summary>The fields' names in JSON.</summary>
public static class JsonFieldNames
{
    /// <summary>The field whose name the reader stands on, or None for a field that the contract does not have.</summary>
    public static TransactionField Match(ref Utf8JsonReader reader)
    {
        try
        {
            return Find(ref reader);
        }
        catch (InvalidOperationException)
        {
            // A name with half a surrogate pair can't be unescaped, so it is none of the contract's.
            return TransactionField.None;
        }
    }

    private static TransactionField Find(ref Utf8JsonReader reader)
    {
        // Names of different length can't be equal, so at most a few comparisons are made.
        var length = reader.HasValueSequence || reader.ValueIsEscaped ? 0 : reader.ValueSpan.Length;
        for (var field = TransactionField.TransactionId; field <= TransactionField.Longitude; field++)
        {
            var name = TransactionFieldText.NameOf(field);
            if ((length == 0 || length == name.Length) && reader.ValueTextEquals(name))
            {
                return field;
            }
        }

        return TransactionField.None;
    }
}
