using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace FraudEngine.Scoring.Xgboost;

/// <summary>
/// Reads what XGBoost's <c>save_model</c> writes as JSON. Its format: https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html and
/// <c>doc/model.schema</c> there. What only training needs is not looked at.
/// </summary>
internal static class ModelFile
{
    private const string Objective = "binary:logistic";
    private const string Booster = "gbtree";
    private const int MajorMax = 3;

    private static readonly Version VersionMin = new(1, 7);

    private static readonly JsonDocumentOptions Strict = new() { AllowDuplicateProperties = false };

    public static TreeModel Read(ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Length > TreeModel.BytesMax)
        {
            throw new ModelException($"the file has {utf8Json.Length} bytes; at most {TreeModel.BytesMax} are supported");
        }

        using var document = Parse(utf8Json);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
        {
            throw new ModelException("the file is no JSON object; only what XGBoost's save_model writes is supported, not dump_model's output");
        }

        var root = new JsonPlace(document.RootElement, "");
        CheckVersion(root.Member("version"));
        return Read(root.Member("learner"));
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> utf8Json)
    {
        if (utf8Json.Span is [(byte)'{', (byte)'L' or (byte)'l' or (byte)'I' or (byte)'i' or (byte)'U', ..])
        {
            throw new ModelException("the file is in XGBoost's binary format (UBJSON); save the model under a name that ends in .json");
        }

        try
        {
            return JsonDocument.Parse(utf8Json, Strict);
        }
        catch (JsonException error)
        {
            throw new ModelException($"the file is not JSON, or not all of it is there: {error.Message}");
        }
    }

    private static void CheckVersion(JsonPlace place)
    {
        var numbers = place.Length() == 3 ? place.Integers(3) : throw place.Wrong("does not have the three numbers of a version");
        if (numbers[0] > MajorMax || numbers[0] < VersionMin.Major || (numbers[0] == VersionMin.Major && numbers[1] < VersionMin.Minor))
        {
            throw place.Wrong($"is {string.Join('.', numbers)}; models of XGBoost {VersionMin} to {MajorMax} are supported");
        }
    }

    private static TreeModel Read(JsonPlace learner)
    {
        Require(learner.Member("objective").Member("name"), Objective);
        var booster = learner.Member("gradient_booster");
        Require(booster.Member("name"), Booster);
        var parameters = learner.Member("learner_model_param");
        RequireAtMostOne(parameters.Member("num_class"), "only models of two classes, which say 0, are supported");
        RequireAtMostOne(parameters.Find("num_target"), "only models with 1 target are supported");
        var features = Bounded(parameters.Member("num_feature"), TreeModel.FeaturesMax);
        var start = StartOf(parameters.Member("base_score"));
        var forest = ReadForest(booster.Member("model"), features, start);
        return new TreeModel(ReadNames(learner.Find("feature_names"), features), features, start, forest);
    }

    private static Forest ReadForest(JsonPlace model, int features, float start)
    {
        var parameters = model.Member("gbtree_model_param");
        RequireAtMostOne(parameters.Find("num_parallel_tree"), "only models with 1 tree per round are supported, no random forests");
        RequireAtMostOne(parameters.Find("size_leaf_vector"), "only leaves with 1 value are supported");
        var trees = model.Member("trees");
        var count = Bounded(parameters.Member("num_trees"), TreeModel.TreesMax);
        if (trees.Length() != count)
        {
            throw trees.Wrong($"has {trees.Length()} elements, but num_trees says {count}");
        }

        var builder = new ForestBuilder(features, start);
        foreach (var tree in trees.Elements(static index => $"tree {index}:"))
        {
            builder.Add(TreeTable.Read(tree, features, builder.NodesLeft), tree);
        }

        return builder.ToForest();
    }

    /// <summary>The margin before the first tree. Up to version 3.0 the file has a probability, later an array of one, both as text.</summary>
    private static float StartOf(JsonPlace place)
    {
        var text = place.Text();
        var number = text is ['[', .., ']'] ? text[1..^1] : text;
        var isNumber = float.TryParse(number, NumberStyles.Float, CultureInfo.InvariantCulture, out var probability);

        // XGBoost's ProbToMargin, in the same steps.
        var margin = -MathF.Log((1 / probability) - 1);
        return isNumber && probability is > 0 and < 1 && float.IsFinite(margin)
            ? margin
            : throw place.Wrong($"is '{text}' instead of one probability between 0 and 1");
    }

    private static ImmutableArray<string> ReadNames(JsonPlace? place, int features)
    {
        if (place is not { } names || names.Length() == 0)
        {
            return [];
        }

        if (names.Length() != features)
        {
            throw names.Wrong($"has {names.Length()} elements, but num_feature says {features}");
        }

        ImmutableArray<string> read = [.. names.Elements(index => $"{names.Path}[{index}]").Select(static name => name.Text())];
        var twice = read.GroupBy(static name => name).FirstOrDefault(static group => group.Count() > 1);
        return twice is null ? read : throw names.Wrong($"has '{twice.Key}' more than once");
    }

    private static void Require(JsonPlace place, string supported)
    {
        if (place.Text() is var found && found != supported)
        {
            throw place.Wrong($"is '{found}'; only '{supported}' is supported");
        }
    }

    private static void RequireAtMostOne(JsonPlace? place, string supported)
    {
        if (place?.Parameter() is > 1 and var found)
        {
            throw place.Value.Wrong($"is {found}; {supported}");
        }
    }

    private static int Bounded(JsonPlace place, int max) =>
        place.Parameter() is var number && number >= 1 && number <= max ? number : throw place.Wrong($"is {number}; 1 to {max} are supported");
}
