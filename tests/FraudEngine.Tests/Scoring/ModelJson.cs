using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FraudEngine.Scoring;

namespace FraudEngine.Tests.Scoring;

/// <summary>A model file as XGBoost writes it, from a few trees.</summary>
internal static class ModelJson
{
    public static TreeModel Model(int features, params Tree[] trees) => Parse(Of(features, trees));

    public static TreeModel Parse(JsonNode file) => Parse(file.ToJsonString());

    public static TreeModel Parse(string text) => TreeModel.Parse(Encoding.UTF8.GetBytes(text));

    public static JsonObject Of(int features, params Tree[] trees) => new()
    {
        ["version"] = Numbers([2, 1, 4]),
        ["learner"] = new JsonObject
        {
            ["feature_names"] = new JsonArray(),
            ["feature_types"] = new JsonArray(),
            ["objective"] = new JsonObject { ["name"] = "binary:logistic" },
            ["learner_model_param"] = new JsonObject
            {
                ["base_score"] = "5E-1",
                ["boost_from_average"] = "1",
                ["num_class"] = "0",
                ["num_feature"] = Text(features),
                ["num_target"] = "1",
            },
            ["gradient_booster"] = new JsonObject
            {
                ["name"] = "gbtree",
                ["model"] = new JsonObject
                {
                    ["gbtree_model_param"] = new JsonObject { ["num_parallel_tree"] = "1", ["num_trees"] = Text(trees.Length) },
                    ["tree_info"] = Numbers(trees.Select(static _ => 0)),
                    ["trees"] = new JsonArray([.. trees.Select(tree => OfTree(tree, features))]),
                },
            },
        },
    };

    /// <summary>Puts a JSON value in a place such as <c>learner.objective.name</c> or <c>version.0</c>; removes the place where it is null.</summary>
    public static void Set(JsonNode file, string place, string? json)
    {
        var steps = place.Split('.');
        var at = steps[..^1].Aggregate(file, static (node, step) => node is JsonArray list ? list[int.Parse(step, CultureInfo.InvariantCulture)]! : node[step]!);
        if (json is null)
        {
            at.AsObject().Remove(steps[^1]);
        }
        else if (at is JsonArray array)
        {
            array[int.Parse(steps[^1], CultureInfo.InvariantCulture)] = JsonNode.Parse(json);
        }
        else
        {
            at[steps[^1]] = JsonNode.Parse(json);
        }
    }

    private static JsonObject OfTree(Tree root, int features)
    {
        // Level by level, so that a child's number is known when its parent is written.
        List<Tree> nodes = [root];
        List<int> lefts = [];
        for (var i = 0; i < nodes.Count; i++)
        {
            lefts.Add(nodes[i] is Split ? nodes.Count : -1);
            if (nodes[i] is Split split)
            {
                nodes.AddRange([split.Left, split.Right]);
            }
        }

        return new JsonObject
        {
            ["left_children"] = Numbers(lefts),
            ["right_children"] = Numbers(lefts.Select(static left => left < 0 ? left : left + 1)),
            ["split_indices"] = Numbers(nodes.Select(static node => (node as Split)?.Feature ?? 0)),
            ["split_conditions"] = Numbers(nodes.Select(static node => node is Split split ? split.Threshold : ((Leaf)node).Value)),
            ["default_left"] = Numbers(nodes.Select(static node => node is Split { MissingGoesLeft: true } ? 1 : 0)),
            ["split_type"] = Numbers(nodes.Select(static _ => 0)),
            ["sum_hessian"] = Numbers(nodes.Select(static node => node.Hessian)),
            ["categories_nodes"] = new JsonArray(),
            ["tree_param"] = new JsonObject { ["num_feature"] = Text(features), ["num_nodes"] = Text(nodes.Count), ["size_leaf_vector"] = "1" },
        };
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static JsonArray Numbers<T>(IEnumerable<T> numbers) => JsonSerializer.SerializeToNode(numbers)!.AsArray();
}
