using Monolith.Modules.Search.Application.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>Texts with marked hits by property name: safe HTML with <c>em</c> around hits.</summary>
internal sealed class Highlights : Dictionary<string, IReadOnlyList<string>>
{
    /// <summary>Adds the texts that have hits.</summary>
    public Highlights With(string property, QueryText query, params IEnumerable<string> texts)
    {
        string[] hits = [.. texts.Select(text => Highlighter.Of(text, query)).OfType<string>()];
        if (hits.Length > 0)
            Add(property, hits);
        return this;
    }
}
