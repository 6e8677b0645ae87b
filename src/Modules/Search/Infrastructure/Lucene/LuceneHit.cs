namespace Monolith.Modules.Search.Infrastructure.Lucene;

/// <summary>A document by the number that the index has for it now, and its score.</summary>
internal readonly record struct LuceneHit(int Document, int Score);
