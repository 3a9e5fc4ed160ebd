"""The customers of the demonstration with their cars, sales and three years of visits, derived from numbers.

Everything depends on a customer's number and the seed alone, never on the order or the size of a chunk: the first
600 customers of a world of 20,000 are a world of 600. Twenty customers in a row are a neighbourhood at one outlet;
households, contact persons, recommendations and used cars stay within it.
"""
