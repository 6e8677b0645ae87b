using Lucene.Net.Documents;
using Lucene.Net.Index;

namespace Monolith.BuildingBlocks.Projections.Lucene;

/// <summary>A field of words that are cut already.</summary>
internal sealed class TextWriter<TRow>(string name, Func<TRow, string?> words, bool stored) : FieldWriter<TRow>
{
    private readonly TextField field = new(name, "", stored ? Field.Store.YES : Field.Store.NO);

    public override string? Add(TRow row, List<IIndexableField> document)
    {
        if (words(row) is not { Length: > 0 } text)
            return null;
        if (Refusal(name, text) is not null && RefusalOfWord(text) is { } refusal)
            return refusal;
        field.SetStringValue(text);
        document.Add(field);
        return null;
    }

    private string? RefusalOfWord(string text)
    {
        foreach (var word in text.AsSpan().Split(' '))
        {
            if (Refusal(name, text.AsSpan()[word]) is { } refusal)
                return refusal;
        }

        return null;
    }
}
