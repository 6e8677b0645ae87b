using Monolith.Modules.Search.Queries;

namespace Monolith.Modules.Search.Application;

/// <summary>Where the words of a query are, by the name of the property: HTML that is safe to show, with <c>em</c> around hits.</summary>
internal sealed class Highlights : Dictionary<string, IReadOnlyList<string>>
{
    /// <summary>Adds those of the texts that have hits.</summary>
    public Highlights With(string property, SearchText query, params IEnumerable<string> texts)
    {
        string[] hits = [.. texts.Select(text => Highlighter.Of(text, query)).OfType<string>()];
        if (hits.Length > 0)
            Add(property, hits);
        return this;
    }
}
