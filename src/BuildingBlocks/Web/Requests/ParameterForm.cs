using System.Text.RegularExpressions;
using Monolith.BuildingBlocks.Domain.Rules;

namespace Monolith.BuildingBlocks.Web.Requests;

/// <summary>What a parameter looks like that a <see cref="QueryReader"/> reads, in the terms of JSON Schema.</summary>
/// <param name="Type">The type.</param>
internal sealed record ParameterForm(string Type)
{
    private const string String = "string";
    private const string Integer = "integer";

    // The end of the text, as the one dialect and the other have it.
    private const string EndInDotNet = @"\z";
    private const string EndInEcma = "$";

    public static ParameterForm Text { get; } = new(String);

    public static ParameterForm Required { get; } = new(String) { Constraint = new FieldConstraint { IsRequired = true } };

    public static ParameterForm Uuid { get; } = new(String) { Constraint = new FieldConstraint { Format = "uuid" } };

    public static ParameterForm Whole { get; } = new(Integer) { Constraint = new FieldConstraint { Minimum = 0 } };

    /// <summary>The number of something, from 1 on.</summary>
    public static ParameterForm Number { get; } = new(Integer) { Constraint = new FieldConstraint { Minimum = 1, Maximum = int.MaxValue } };

    public static ParameterForm Time { get; } = new(String) { Constraint = new FieldConstraint { Format = "date-time" } };

    /// <summary>Both forms have a format of their own, and either will do.</summary>
    public static ParameterForm DayOrTime { get; } = new(String) { Alternatives = ["date", "date-time"], Description = "A day, which is its beginning in UTC, or a time." };

    public static ParameterForm Cursor { get; } = new(String) { Description = "Where the page begins: the cursor in next of the page before." };

    /// <summary>What is asked of the value.</summary>
    public FieldConstraint Constraint { get; init; } = FieldConstraint.None;

    /// <summary>Formats of which any will do.</summary>
    public IReadOnlyList<string> Alternatives { get; init; } = [];

    /// <summary>What counts where the parameter is missing.</summary>
    public int? Default { get; init; }

    /// <summary>What it is for, where its name does not say it.</summary>
    public string? Description { get; init; }

    public static ParameterForm Limit(int otherwise) => new(Integer) { Default = otherwise, Description = "How many items the page has at most." };

    public static ParameterForm OneOf(IReadOnlyCollection<string> words) => new(String) { Constraint = new FieldConstraint { Words = words } };

    public static ParameterForm Matching(Regex pattern) =>
        new(String) { Constraint = new FieldConstraint { Pattern = pattern.ToString().Replace(EndInDotNet, EndInEcma, StringComparison.Ordinal) } };
}
