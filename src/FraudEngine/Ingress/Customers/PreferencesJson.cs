using System.Globalization;
using System.Text.Json;
using FraudEngine.Domain.Customers;

namespace FraudEngine.Ingress.Customers;

/// <summary>A customer's preferences as they are given back: what would be put to have them so.</summary>
internal static class PreferencesJson
{
    public static void Write(Utf8JsonWriter json, CustomerPreferences preferences)
    {
        json.WriteString("language", preferences.Language);
        if (preferences.Email is { } email)
        {
            json.WriteString("email", email);
        }

        json.WriteStartArray("webhooks");
        foreach (var name in preferences.Webhooks)
        {
            json.WriteStringValue(name);
        }

        json.WriteEndArray();
        if (preferences.Quiet is { } quiet)
        {
            json.WriteStartObject("quietHours");
            json.WriteString("from", quiet.From.ToString("HH:mm", CultureInfo.InvariantCulture));
            json.WriteString("until", quiet.Until.ToString("HH:mm", CultureInfo.InvariantCulture));
            json.WriteString("timeZone", quiet.TimeZone);
            json.WriteEndObject();
        }

        json.WriteStartArray("activity");
        foreach (var chosen in preferences.Activity)
        {
            WriteOne(json, chosen);
        }

        json.WriteEndArray();
    }

    private static void WriteOne(Utf8JsonWriter json, ChosenActivity chosen)
    {
        json.WriteStartObject();
        json.WriteString("id", chosen.Id);
        if (chosen.Number is { } number)
        {
            json.WriteNumber("chosen", number);
        }
        else if (chosen.Text is { } text)
        {
            json.WriteString("chosen", text);
        }

        json.WriteEndObject();
    }
}
