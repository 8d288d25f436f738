using System.Text;
using System.Text.Json.Nodes;
using FraudEngine.Scoring;

namespace FraudEngine.Tests.Scoring;

/// <summary>What is no model, or none that is supported, is refused with what was found and where.</summary>
public class BrokenModelTests
{
    private const string Parameters = "learner.learner_model_param.";
    private const string Trees = "learner.gradient_booster.model.";
    private const string Tree1 = Trees + "trees.1.";

    [Theory]
    [InlineData("version", "[1, 6, 2]", "version is 1.6.2; models of XGBoost 1.7 to 3 are supported")]
    [InlineData("version", "[4, 0, 0]", "version is 4.0.0; models of XGBoost 1.7 to 3 are supported")]
    [InlineData("version", "[2]", "version does not have the three numbers of a version")]
    [InlineData("version", null, "version is missing")]
    [InlineData("learner", null, "learner is missing")]
    [InlineData("learner", "7", "learner is 7 instead of an object")]
    [InlineData("learner.objective.name", "\"multi:softprob\"", "learner.objective.name is 'multi:softprob'; only 'binary:logistic' is supported")]
    [InlineData("learner.gradient_booster.name", "\"dart\"", "learner.gradient_booster.name is 'dart'; only 'gbtree' is supported")]
    [InlineData(Parameters + "num_class", "\"3\"", Parameters + "num_class is 3; only models of two classes, which say 0, are supported")]
    [InlineData(Parameters + "num_target", "\"2\"", Parameters + "num_target is 2; only models with 1 target are supported")]
    [InlineData(Parameters + "num_feature", "\"0\"", Parameters + "num_feature is 0; 1 to 2048 are supported")]
    [InlineData(Parameters + "num_feature", "\"2049\"", Parameters + "num_feature is 2049; 1 to 2048 are supported")]
    [InlineData(Parameters + "num_feature", "\"many\"", Parameters + "num_feature is \"many\" instead of a whole number")]
    [InlineData(Parameters + "base_score", "\"0E0\"", Parameters + "base_score is '0E0' instead of one probability between 0 and 1")]
    [InlineData(Parameters + "base_score", "\"1E0\"", Parameters + "base_score is '1E0' instead of one probability between 0 and 1")]
    [InlineData(Parameters + "base_score", "\"NaN\"", Parameters + "base_score is 'NaN' instead of one probability between 0 and 1")]
    [InlineData(Parameters + "base_score", "\"[1E-1,2E-1]\"", Parameters + "base_score is '[1E-1,2E-1]' instead of one probability between 0 and 1")]
    [InlineData(Parameters + "base_score", "0.5", Parameters + "base_score is 0.5 instead of a text")]
    [InlineData("learner.feature_names", "[\"a\"]", "learner.feature_names has 1 elements, but num_feature says 2")]
    [InlineData("learner.feature_names", "[\"a\", \"a\"]", "learner.feature_names has 'a' more than once")]
    [InlineData("learner.feature_names", "[\"a\", 2]", "learner.feature_names[1] is 2 instead of a text")]
    [InlineData(Trees + "gbtree_model_param.num_parallel_tree", "\"10\"", Trees + "gbtree_model_param.num_parallel_tree is 10; only models with 1 tree per round are supported, no random forests")]
    [InlineData(Trees + "gbtree_model_param.num_trees", "\"3\"", Trees + "trees has 2 elements, but num_trees says 3")]
    [InlineData(Trees + "gbtree_model_param.num_trees", "\"0\"", Trees + "gbtree_model_param.num_trees is 0; 1 to 10000 are supported")]
    [InlineData(Trees + "gbtree_model_param.num_trees", "\"10001\"", Trees + "gbtree_model_param.num_trees is 10001; 1 to 10000 are supported")]
    [InlineData(Trees + "trees.1", "5", "tree 1: is 5 instead of an object")]
    [InlineData(Tree1 + "left_children", null, "tree 1: left_children is missing")]
    [InlineData(Tree1 + "left_children", "[1, 3]", "tree 1: left_children has 2 elements instead of 5, one per node")]
    [InlineData(Tree1 + "sum_hessian", "[1, 3]", "tree 1: sum_hessian has 2 elements instead of 5, one per node")]
    [InlineData(Tree1 + "split_conditions", "{}", "tree 1: split_conditions is an object instead of an array")]
    [InlineData(Tree1 + "tree_param.num_nodes", "\"0\"", "tree 1: it has no node")]
    [InlineData(Tree1 + "tree_param.num_nodes", "\"2000000\"", "tree 1: with its 2000000 nodes the model has more than 1048576, which are the most supported")]
    [InlineData(Tree1 + "tree_param.size_leaf_vector", "\"3\"", "tree 1: its leaves are vectors of 3; only leaves with 1 value are supported")]
    [InlineData(Tree1 + "left_children.1", "9", "tree 1: node 1 has child 9, but there are 5 nodes, counted from 0")]
    [InlineData(Tree1 + "left_children.1", "-2", "tree 1: node 1 has child -2, but there are 5 nodes, counted from 0")]
    [InlineData(Tree1 + "left_children.1", "-1", "tree 1: node 1 has one child only")]
    [InlineData(Tree1 + "left_children.1", "0", "tree 1: node 1 has child 0, which is above it or has another parent")]
    [InlineData(Tree1 + "left_children.1", "1", "tree 1: node 1 has child 1, which is above it or has another parent")]
    [InlineData(Tree1 + "right_children.1", "3", "tree 1: node 1 has child 3, which is above it or has another parent")]
    [InlineData(Tree1 + "left_children.1", "1.5", "tree 1: left_children[1] is 1.5 instead of a whole number")]
    [InlineData(Tree1 + "left_children.1", "99999999999", "tree 1: left_children[1] is 99999999999 instead of a whole number")]
    [InlineData(Tree1 + "split_indices.1", "2", "tree 1: node 1 compares feature 2, but the model has 2 features, counted from 0")]
    [InlineData(Tree1 + "split_indices.1", "-1", "tree 1: node 1 compares feature -1, but the model has 2 features, counted from 0")]
    [InlineData(Tree1 + "split_conditions.2", "1E999", "tree 1: split_conditions[2] is 1E999 instead of a finite number")]
    [InlineData(Tree1 + "split_conditions.2", "\"NaN\"", "tree 1: split_conditions[2] is \"NaN\" instead of a finite number")]
    [InlineData(Tree1 + "split_conditions.2", "3E38", "tree 1: its leaves have values so large that their sum over the trees could overflow")]
    [InlineData(Tree1 + "default_left.1", "2", "tree 1: default_left[1] is 2 instead of 0 or 1")]
    [InlineData(Tree1 + "sum_hessian.1", "-1", "tree 1: sum_hessian[1] is -1 instead of 0 or more")]
    [InlineData(Tree1 + "split_type.1", "1", "tree 1: it splits on categories; only numerical splits are supported")]
    [InlineData(Tree1 + "categories_nodes", "[1]", "tree 1: it splits on categories; only numerical splits are supported")]
    public void A_wrong_value_is_named_with_its_place(string place, string? json, string message)
    {
        var file = Valid();
        ModelJson.Set(file, place, json);
        Assert.Equal(message, Assert.Throws<ModelException>(() => ModelJson.Parse(file)).Message);
    }

    [Theory]
    [InlineData("", "the file is not JSON, or not all of it is there: ")]
    [InlineData("{\"version\":[2,1,4],\"learner\":{\"attr", "the file is not JSON, or not all of it is there: ")]
    [InlineData("[{\"nodeid\":0}]", "the file is no JSON object; only what XGBoost's save_model writes is supported, not dump_model's output")]
    [InlineData("{L\0\0\0\0\0\0\0\u0007learner", "the file is in XGBoost's binary format (UBJSON); save the model under a name that ends in .json")]
    [InlineData("{\"version\":[2,1,4],\"version\":[2,1,4]}", "the file is not JSON, or not all of it is there: ")]
    public void A_text_that_is_no_model_file_is_refused(string text, string message) =>
        Assert.StartsWith(message, Assert.Throws<ModelException>(() => ModelJson.Parse(text)).Message, StringComparison.Ordinal);

    [Fact]
    public void A_file_that_is_too_large_is_refused_unread() =>
        Assert.Equal("the file has 67108865 bytes; at most 67108864 are supported", Assert.Throws<ModelException>(() => TreeModel.Parse(new byte[TreeModel.BytesMax + 1])).Message);

    [Fact]
    public void A_tree_may_be_64_levels_deep_and_no_deeper()
    {
        static Tree Chain(int depth) => depth == 0 ? new Leaf(1) : new Split(0, depth, true, new Leaf(0), Chain(depth - 1));
        Assert.Equal(1, ModelJson.Model(1, Chain(64)).Margin([100]));
        Assert.Equal("tree 0: it is 65 levels deep; at most 64 are supported", Assert.Throws<ModelException>(() => ModelJson.Model(1, Chain(65))).Message);
    }

    [Fact]
    public void A_node_that_no_other_leads_to_is_refused_unless_it_was_pruned()
    {
        var file = Valid();
        ModelJson.Set(file, Tree1 + "left_children.1", "-1");
        ModelJson.Set(file, Tree1 + "right_children.1", "-1");
        Assert.Equal("tree 1: node 3 is no child of any node, and not marked as pruned", Assert.Throws<ModelException>(() => ModelJson.Parse(file)).Message);
    }

    [Fact]
    public void A_damaged_file_is_refused_or_read_but_never_faults()
    {
        var valid = Encoding.UTF8.GetBytes(Valid().ToJsonString());
        var refused = 0;
        for (var seed = 0; seed < 20_000; seed++)
        {
            var random = new Random(seed);
            var bytes = valid.ToArray();
            for (var i = random.Next(1, 4); i > 0; i--)
            {
                bytes[random.Next(bytes.Length)] = (byte)(random.Next(2) == 0 ? random.Next(256) : "0123456789-[]{},:\"e\\"[random.Next(20)]);
            }

            try
            {
                Assert.True(float.IsFinite(TreeModel.Parse(bytes).Bias));
            }
            catch (ModelException)
            {
                refused++;
            }
        }

        Assert.InRange(refused, 10_000, 20_000);
    }

    /// <summary>Two trees over two features, the second of five nodes.</summary>
    private static JsonObject Valid() =>
        ModelJson.Of(2, new Leaf(1), new Split(0, 5, true, new Split(1, 2, false, new Leaf(1), new Leaf(2)), new Leaf(3)));
}
