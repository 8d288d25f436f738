using System.Reflection;
using System.Text.Encodings.Web;
using System.Text.Unicode;
using Stubble.Core;
using Stubble.Core.Builders;
using Stubble.Core.Exceptions;
using Stubble.Core.Settings;

namespace FraudEngine.Egress.Mail;

/// <summary>
/// The templates of e-mails, in Mustache: <c>alert.LANGUAGE.txt</c>, whose first line is <c>Subject: …</c>, and <c>alert.LANGUAGE.html</c>. Those that a bank has put
/// into a folder of its own stand in for the shipped ones.
/// </summary>
internal sealed class MailTemplates
{
    private const string SubjectField = "Subject:";

    private static readonly RenderSettings AsItIs = new() { SkipHtmlEncoding = true, SkipRecursiveLookup = false };

    // Letters of every language stay as they are; what has a meaning in HTML does not.
    private readonly StubbleVisitorRenderer _renderer =
        new StubbleBuilder().Configure(static settings => settings.SetEncodingFunction(HtmlEncoder.Create(UnicodeRanges.All).Encode)).Build();

    private readonly Dictionary<string, string> _templates = [];

    private MailTemplates()
    {
    }

    /// <summary>The languages that there are, by their codes.</summary>
    public static IReadOnlyList<string> Languages { get; } = ["en", "de"];

    /// <summary>Reads them. Throws <see cref="InvalidDataException"/> that names a template which can't be used.</summary>
    /// <param name="folder">Where a bank's own are; null or empty where it has none.</param>
    public static MailTemplates Read(string? folder)
    {
        var templates = new MailTemplates();
        foreach (var name in Languages.SelectMany(static language => new[] { TextName(language), HtmlName(language) }))
        {
            var own = string.IsNullOrEmpty(folder) ? null : Path.Combine(folder, name);
            templates._templates.Add(name, own is not null && File.Exists(own) ? File.ReadAllText(own) : Shipped(name));
            templates.Try(name);
        }

        return templates;
    }

    /// <summary>Writes an e-mail.</summary>
    /// <param name="values">By the names in the templates: texts, booleans and lists of such. The subject becomes the HTML's <c>title</c>.</param>
    public MailContent Render(string language, Dictionary<string, object> values)
    {
        var text = _renderer.Render(_templates[TextName(language)], values, AsItIs);
        var end = text.IndexOf('\n', StringComparison.Ordinal);
        var subject = text[SubjectField.Length..end].Trim();
        values["title"] = subject;
        return new MailContent(subject, text[(end + 1)..].Trim() + "\n", _renderer.Render(_templates[HtmlName(language)], values));
    }

    private static string TextName(string language) => $"alert.{language}.txt";

    private static string HtmlName(string language) => $"alert.{language}.html";

    private static string Shipped(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"FraudEngine.Mail.{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private void Try(string name)
    {
        var template = _templates[name];
        if (name.EndsWith(".txt", StringComparison.Ordinal) && (!template.StartsWith(SubjectField, StringComparison.Ordinal) || !template.Contains('\n', StringComparison.Ordinal)))
        {
            throw new InvalidDataException($"The e-mail template {name} must begin with a line '{SubjectField} …'.");
        }

        try
        {
            _renderer.Render(template, new Dictionary<string, object>());
        }
        catch (StubbleException broken)
        {
            throw new InvalidDataException($"The e-mail template {name} can't be read: {broken.Message}", broken);
        }
    }
}
